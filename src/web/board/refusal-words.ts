/** What went wrong, and what a reader can do, by code of the error; the error's own message stands below. */
const WORDS: Readonly<Record<string, readonly [headline: string, advice: string]>> = {
  CHAIN_UNREACHABLE: ['The node does not answer', 'Check the address, or try another end point. That a node is down says nothing about the venue. Some nodes refuse to be asked by a page: then use "clearproof board".'],
  WRONG_CHAIN: ['The node serves another chain', 'Name an end point of the chain the venue is on.'],
  NO_CONTRACT: ['There is no registry at this address', 'Compare the address with one you know from a source other than the venue, and the chain with the venue\'s.'],
  CONTRACT_REVERTED: ['The registry does not know this venue', 'Compare the venue\'s number and the registry\'s address.'],
  NODE_CONTRADICTION: ['The node contradicts itself', 'Two of its answers cannot both be true: ask another node. Nothing was shown of what it said.'],
  CHAIN_REORGANISED: ['The chain changed while it was read', 'Read again.'],
  CHAIN_ANSWER: ['The node gave an answer that makes no sense', 'Ask another node.'],
  CHAIN_REQUEST: ['The node refused a question', 'Ask another node, or begin at a later block.'],
  HISTORY_RANGE: ['The first block lies in the future', 'Choose an earlier first block.'],
};

export function refusalWords(code: string): readonly [headline: string, advice: string] {
  return WORDS[code] ?? ['The board could not be made', 'The message below says why.'];
}
