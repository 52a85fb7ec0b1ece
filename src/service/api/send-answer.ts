import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Compile } from 'typebox/compile';
import { AnswerShapeError } from './request-errors.js';
import type { Answer, Route } from './route.js';
import type { TSchema } from 'typebox';

/** Checks JSON answers: what does not fit, say a field too many, never leaves. */
export type AnswerCheck = (answer: Answer<TSchema>) => void;

export function answerCheck(name: string, route: Route): AnswerCheck {
  const schema = Compile(route.answer.schema);
  return (answer) => {
    if (!(answer.status in route.answer.statuses)) throw new AnswerShapeError(`the answer of "${name}" has a status of which its route says nothing`);
    // The errors say where, and nothing of the values.
    if ('json' in answer && !schema.Check(answer.json)) {
      const paths = schema.Errors(answer.json).map(({ instancePath }) => instancePath).slice(0, 5).join(' ');
      throw new AnswerShapeError(`the answer of "${name}" does not fit its schema at ${paths}`);
    }
  };
}

/** Sends what a route gave. A stream's first piece is waited for, so that an error before it is an answer like any other. */
export async function sendAnswer(reply: FastifyReply, route: Route, answer: Answer<TSchema>): Promise<FastifyReply> {
  const stream = 'stream' in answer ? await begun(answer.stream) : undefined;
  reply.code(answer.status).headers(answer.headers ?? {});
  const charset = route.answer.mediaType === 'text/plain' ? 'text/plain; version=0.0.4; charset=utf-8' : `${route.answer.mediaType}; charset=utf-8`;
  if (answer.status !== 304) reply.type(charset);
  if (stream !== undefined) return reply.send(stream);
  return reply.send('json' in answer ? JSON.stringify(answer.json) : 'text' in answer ? answer.text : '');
}

async function begun(pieces: AsyncIterable<string>): Promise<Readable> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* all(): AsyncGenerator<string> {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return Readable.from(all(), { objectMode: false });
}
