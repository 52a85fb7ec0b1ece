import { Type } from 'typebox';
import { eventStream } from '../event-stream.js';
import { ForbiddenError } from '../request-errors.js';
import { json, ok, route } from '../route.js';
import { DEAD_STEP, EPOCH, EPOCH_SUMMARY, EVENT, EVENT_ID, OUTBOX_ENTRY, PROGRESS, STARTED_EPOCH, STEP, STEP_NAME, UUID } from '../schemas.js';

const closed = { additionalProperties: false };
const STAFF = ['operator', 'publisher', 'auditor'] as const;
const OF_EPOCH = Type.Object({ epoch: EPOCH }, closed);
/** What a publisher may give another round: what goes on chain, as a step or as the outbox' entry. */
const PUBLICATION = ['publish', 'submit-epoch', 'open-snapshot'];

/** Starting epochs, watching them, and what goes on chain. */
export const EPOCH_ROUTES = {
  startEpoch: route({
    summary: 'Start proving a snapshot; again with the same snapshot: the same epoch',
    method: 'POST',
    url: '/v1/epochs',
    access: ['operator'],
    body: json(Type.Object({ epoch: EPOCH, snapshot: UUID }, closed)),
    answer: { ...ok(STARTED_EPOCH), statuses: { 200: 'It had been started before.', 201: 'Started.' } },
    errors: [404, 409, 422],
    async run({ operations, body }) {
      const epoch = await operations.startEpoch({ epoch: Number(body.epoch), snapshot: body.snapshot });
      return { status: epoch.created ? 201 : 200, json: epoch };
    },
  }),
  epochs: route({
    summary: 'All epochs',
    method: 'GET',
    url: '/v1/epochs',
    access: STAFF,
    answer: ok(Type.Array(EPOCH_SUMMARY)),
    run: async ({ operations }) => ({ status: 200, json: await operations.epochs() }),
  }),
  epoch: route({
    summary: 'One epoch',
    method: 'GET',
    url: '/v1/epochs/:epoch',
    access: STAFF,
    params: OF_EPOCH,
    answer: ok(EPOCH_SUMMARY),
    errors: [404],
    run: async ({ operations, params }) => ({ status: 200, json: await operations.epoch(Number(params.epoch)) }),
  }),
  steps: route({
    summary: 'The steps of an epoch',
    method: 'GET',
    url: '/v1/epochs/:epoch/steps',
    access: STAFF,
    params: OF_EPOCH,
    answer: ok(Type.Array(STEP)),
    errors: [404],
    run: async ({ operations, params }) => ({ status: 200, json: await operations.steps(Number(params.epoch)) }),
  }),
  progress: route({
    summary: 'How far an epoch is, and how long it will take',
    method: 'GET',
    url: '/v1/epochs/:epoch/progress',
    access: STAFF,
    params: OF_EPOCH,
    answer: ok(PROGRESS),
    errors: [404],
    run: async ({ operations, params }) => ({ status: 200, json: await operations.progress(Number(params.epoch)) }),
  }),
  events: route({
    summary: 'What happened to an epoch, after an event',
    method: 'GET',
    url: '/v1/epochs/:epoch/events',
    access: STAFF,
    params: OF_EPOCH,
    query: Type.Object({ after: Type.Optional(EVENT_ID) }, closed),
    answer: ok(Type.Array(EVENT)),
    errors: [404],
    run: async ({ operations, params, query }) => ({ status: 200, json: await operations.events(Number(params.epoch), query.after ?? '0') }),
  }),
  eventStream: route({
    summary: 'Events and progress of an epoch as they come, as server-sent events; ends when the epoch does',
    method: 'GET',
    url: '/v1/epochs/:epoch/events/stream',
    access: STAFF,
    params: OF_EPOCH,
    headers: [{ name: 'last-event-id', description: 'Go on after this event.' }],
    answer: { statuses: { 200: 'Events; "progress" carries the progress, "end" is the last.' }, mediaType: 'text/event-stream', schema: EVENT },
    errors: [404],
    run: eventStream,
  }),
  retry: route({
    summary: 'Give a dead step, or a dead entry of the outbox, another round; a publisher may do so for publication',
    method: 'POST',
    url: '/v1/epochs/:epoch/steps/:step/retry',
    access: ['operator', 'publisher'],
    params: Type.Object({ epoch: EPOCH, step: STEP_NAME }, closed),
    answer: ok(STEP),
    errors: [404, 409],
    async run({ operations, params, caller }) {
      if (caller?.role === 'publisher' && !PUBLICATION.includes(params.step)) {
        throw new ForbiddenError(`a publisher may retry ${PUBLICATION.join(', ')} only: ask an operator`);
      }
      return { status: 200, json: await operations.retry(Number(params.epoch), params.step) };
    },
  }),
  openSnapshot: route({
    summary: 'Put the opening of an epoch\'s snapshot on chain; again: the same entry',
    method: 'POST',
    url: '/v1/epochs/:epoch/opening',
    access: ['publisher'],
    params: OF_EPOCH,
    answer: { ...ok(OUTBOX_ENTRY), statuses: { 202: 'In the outbox.' } },
    errors: [409],
    run: async ({ operations, params }) => ({ status: 202, json: await operations.openSnapshot(Number(params.epoch)) }),
  }),
  outbox: route({
    summary: 'What is to go, or went, on chain',
    method: 'GET',
    url: '/v1/outbox',
    access: STAFF,
    answer: ok(Type.Array(OUTBOX_ENTRY)),
    run: async ({ operations }) => ({ status: 200, json: await operations.outbox() }),
  }),
  deadLetters: route({
    summary: 'Steps and outbox entries that were given up',
    method: 'GET',
    url: '/v1/dead-letters',
    access: STAFF,
    answer: ok(Type.Array(DEAD_STEP)),
    run: async ({ operations }) => ({ status: 200, json: await operations.deadLetters() }),
  }),
};
