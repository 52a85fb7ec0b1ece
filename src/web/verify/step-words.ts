import type { StepId } from '../../verification/steps.js';

/** What a page says about a step, for people who know nothing of proofs. */
export interface StepWords {
  /** What it means when this step fails. */
  readonly meaning: string;
  /** What to do then. */
  readonly whatToDo: string;
  /** What stays open when this step was not taken; undefined where nothing does. */
  readonly open: string;
}

const RECEIPT_AGAIN = 'Fetch the receipt again from the venue and do not edit it. If the new one fails too, write to the venue with the saved report, and take the failure seriously.';
const VENUE_ANSWER = 'Save the report and ask the venue in public for an answer. Until there is one, do not take this epoch as proof of anything, and consider withdrawing.';
const ATTESTATION_AGAIN = 'Fetch the attestation again, from the address that the venue publishes. If it still fails, save the report and ask the venue in public.';
const STRESS = 'Fetch the stress attestation again, and take the set of scenarios from a source you trust. If it still fails, ask the venue.';

export const STEP_WORDS: Readonly<Record<StepId, StepWords>> = {
  'receipt-format': {
    meaning: 'The file is damaged, cut short, or no receipt at all. Nothing in it could be looked at.',
    whatToDo: 'Choose the right file, or fetch the receipt again from the venue. Do not open and save it with an editor: that can change it.',
    open: 'Whether your account is in the proof: no receipt was read.',
  },
  'record-format': {
    meaning: 'The registry says that there is no such epoch, or what it says contradicts itself. A receipt of an epoch that the chain does not know proves nothing.',
    whatToDo: 'Check the registry address and ask a second end point of the same chain. If the answer stays the same, the venue never published what it told you: ask it in public.',
    open: 'What the registry on the chain recorded. Without it everything here could be made up: the files agree with one another, and with nothing else.',
  },
  'attestation-format': {
    meaning: 'The attestation is damaged, cut short, or another kind of file. The proofs in it could not be looked at.',
    whatToDo: ATTESTATION_AGAIN,
    open: 'The proofs themselves were not checked on this device. Add the attestation to check each of them.',
  },
  recipient: {
    meaning: 'The receipt names another user or account than you. A venue could show many people the receipt of one account; this is how that is noticed.',
    whatToDo: 'Check what you typed as your user id or owner commitment. If it is right, ask the venue for your own receipt, and be alarmed if it has none.',
    open: 'Whether this receipt is yours: you named no user id and no owner commitment. Look whether the user shown is you.',
  },
  place: {
    meaning: 'The files do not belong together, or not to the venue you named: they are of different chains, registries, venues or epochs.',
    whatToDo: 'Check the registry address, chain and venue you typed, and that receipt, attestation and record are of one epoch. If they are, the venue handed you files of something else: ask it.',
    open: 'Whether the venue is the one you mean: there was nothing to compare the receipt with.',
  },
  circuit: {
    meaning: 'The proofs were made with rules that do not fit this account, this table or this registry. What they prove may be something else.',
    whatToDo: 'If your copy of this page is old, take the newest version. Otherwise save the report and ask the venue which circuits the epoch was proven with.',
    open: 'Whether the proofs follow the rules for an account like yours.',
  },
  'market-range': {
    meaning: 'The market table holds values or rows that no honest table has. Margins worked out from it mean nothing.',
    whatToDo: VENUE_ANSWER,
    open: 'Whether prices and charges in the market table are within their bounds.',
  },
  market: {
    meaning: 'The prices and charges you were shown are not those that the proofs are about. Your margin may be worked out from other numbers than everybody else\'s.',
    whatToDo: VENUE_ANSWER,
    open: 'Whether prices and charges are those of the proof: there was nothing to compare them with.',
  },
  tiers: {
    meaning: 'Your holding was spread over the size tiers in a way that charges you more than it should.',
    whatToDo: 'Ask the venue for a receipt with the tiers filled from the lowest up. Your account may look less healthy than it is.',
    open: 'Whether your holdings are in the right size tiers.',
  },
  leaf: {
    meaning: 'The account in the receipt cannot be an entry of the tree of accounts: its holdings do not fit.',
    whatToDo: RECEIPT_AGAIN,
    open: 'Whether your holdings give an entry of the tree of accounts.',
  },
  root: {
    meaning: 'The account that you were shown is NOT among the accounts that the venue\'s proof counted. A quantity, your identity or the path was changed, or you were left out.',
    whatToDo: 'Compare the holdings with what you really have. Fetch the receipt again; if it fails again, the venue owes you an answer: save the report, ask in public, and consider withdrawing. If you hold a signed balance receipt, you can challenge the omission on the chain.',
    open: 'Whether your account is among those that were counted: no root from the chain or an attestation is at hand.',
  },
  margin: {
    meaning: 'The margin cannot be worked out, because the account holds something that the market table does not list.',
    whatToDo: RECEIPT_AGAIN,
    open: 'How your account stands: its margin could not be worked out.',
  },
  'attestation-hash': {
    meaning: 'The attestation you gave is not the one your receipt names. Other people may have been shown another one than you.',
    whatToDo: 'Fetch the attestation of this very epoch. If the venue serves a different one under the same epoch, it shows different things to different people: publish both hashes.',
    open: 'Whether the attestation is the one your receipt names.',
  },
  keys: {
    meaning: 'The proofs come with keys that are not those of the registry, or that anyone can forge with. Proofs under such keys prove nothing.',
    whatToDo: `${ATTESTATION_AGAIN} Do not rely on the proofs until then.`,
    open: 'Whether the keys that the proofs are checked with came out of a set-up you trust.',
  },
  figures: {
    meaning: 'The attestation states other totals than the registry recorded on the chain. One of them is not what was proven.',
    whatToDo: `${ATTESTATION_AGAIN} What stands on the chain is what counts.`,
    open: 'Whether the attestation\'s totals are those on the chain.',
  },
  settlement: {
    meaning: 'The totals of deposits and loans do not fit the list of assets. What is owed in some asset may not have been counted.',
    whatToDo: VENUE_ANSWER,
    open: 'Whether totals of deposits and loans fit the assets.',
  },
  'batch-proofs': {
    meaning: 'A proof about a group of accounts is false, or was changed. That these accounts were added up as they should be is not proven.',
    whatToDo: ATTESTATION_AGAIN,
    open: 'The proofs about groups of accounts were not checked here. The registry\'s contract checks them before it records an epoch.',
  },
  'close-proof': {
    meaning: 'The proof of the totals is false, or was changed: what the venue owes in all is not proven.',
    whatToDo: ATTESTATION_AGAIN,
    open: 'The proof of the totals was not checked here. The registry\'s contract checks it before it records an epoch.',
  },
  'stress-format': { meaning: 'The stress attestation is damaged, or another kind of file.', whatToDo: STRESS, open: 'What the stress scenario would do: no stress attestation was read.' },
  'stress-place': { meaning: 'The stress attestation is of another venue, chain or epoch than the attestation.', whatToDo: STRESS, open: 'Whether the stress attestation belongs to this epoch.' },
  'stress-accounts': { meaning: 'The stress attestation was made for other accounts than the epoch\'s. It says nothing about this venue\'s users.', whatToDo: STRESS, open: 'Whether the stress attestation is about the accounts of the epoch.' },
  'stress-table': { meaning: 'The prices in the stress attestation are not what the public scenario makes of the epoch\'s prices.', whatToDo: STRESS, open: 'Whether the stress scenario was applied as published.' },
  'stress-keys': { meaning: 'The stress proofs come with keys that are not those of the registry.', whatToDo: STRESS, open: 'Whether the stress proofs\' keys are the registry\'s.' },
  'stress-circuit': { meaning: 'The stress proofs were made with other rules than the epoch\'s.', whatToDo: STRESS, open: 'Whether the stress proofs follow the epoch\'s rules.' },
  'stress-batch-proofs': { meaning: 'A proof about accounts under the stressed prices is false, or was changed.', whatToDo: STRESS, open: 'The stress proofs about groups of accounts were not checked.' },
  'stress-close-proof': { meaning: 'The proof of the totals under the stressed prices is false, or was changed.', whatToDo: STRESS, open: 'The stress proof of the totals was not checked.' },
};
