/** Every step a report can have, with its title in plain words. Ids are stable: programs read them. */
export const STEP_TITLES = {
  'receipt-format': 'The receipt can be read',
  'record-format': 'What the registry recorded is at hand',
  'attestation-format': 'The attestation can be read',
  recipient: 'The receipt is for you',
  place: 'All speak of the same venue, chain and epoch',
  circuit: 'The circuits fit the account and the market table',
  'market-range': 'The market table is within its bounds',
  market: 'The market table is the one the proofs are about',
  tiers: 'Holdings fill the size tiers from the lowest up',
  leaf: 'The account gives a leaf of the tree',
  root: 'The leaf is in the accounts tree that was proven',
  margin: 'The margin follows from account and table',
  'attestation-hash': 'The attestation is the one the receipt names',
  keys: 'The verification keys are the registry\'s',
  figures: 'The attestation says what the registry recorded',
  settlement: 'Deposits and loans fit the market table',
  'batch-proofs': 'Every batch of accounts is proven',
  'close-proof': 'The totals are proven',
} as const;

export type StepId = keyof typeof STEP_TITLES;
