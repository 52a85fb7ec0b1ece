import type { PoseidonMany } from '../../commitment/poseidon-many.js';
import { poseidonMany } from '../../commitment/poseidon-native.js';
import { failureOf, type FromHashingProcess, type HashingJob, type HashingResults, type ToHashingProcess } from './hashing-messages.js';
import { addPiece, hashPiece, weighPiece, type HashingFrame } from './hashing-work.js';

/** Entry of a process that hashes pieces of one epoch: the frame comes first, then jobs. Ends with the channel. */
let frame: HashingFrame | undefined;
let many: Promise<PoseidonMany> | undefined;

process.on('message', (message: ToHashingProcess) => {
  if (message.kind === 'frame') {
    ({ frame } = message);
    many = poseidonMany(message.native);
    // Told to whoever gives the first job.
    many.catch(() => undefined);
  } else void answer(message.id, message.job).then((said) => process.send?.(said));
});
process.on('disconnect', () => process.exit(0));
// Who started it decides when work stops: an interrupt from the terminal reaches the whole process group.
process.on('SIGINT', () => undefined);

async function answer(id: number, job: HashingJob): Promise<FromHashingProcess> {
  try {
    if (frame === undefined || many === undefined) throw new Error('a job came before the frame');
    return { id, result: await work(await many, frame, job) };
  } catch (thrown) {
    return { id, failure: failureOf(thrown) };
  }
}

async function work(poseidon: PoseidonMany, known: HashingFrame, job: HashingJob): Promise<HashingResults[keyof HashingResults]> {
  switch (job.kind) {
    case 'hash':
      return hashPiece(poseidon, known, job.batches);
    case 'weigh':
      return weighPiece(known, job.batches, job.power, job.challenges);
    case 'add':
      return addPiece(known, job.batches, job.power, job.challenges);
  }
}
