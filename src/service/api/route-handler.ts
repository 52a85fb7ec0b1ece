import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceOperations } from '../operations.js';
import { callSignal } from './call-signal.js';
import type { Call, IncomingBody, Route, RouteTools } from './route.js';
import { answerCheck, sendAnswer } from './send-answer.js';
import type { TObject, TSchema } from 'typebox';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Hands a request that passed all checks to its route. @param closing fires when the server closes */
export function routeHandler(name: string, route: Route, operations: ServiceOperations, tools: RouteTools, closing: AbortSignal): Handler {
  const check = answerCheck(name, route);
  return async (request, reply) => {
    const answer = await route.run(callOf(request, route, operations, tools, callSignal(reply.raw, closing)));
    check(answer);
    return sendAnswer(reply, route, answer);
  };
}

function callOf(request: FastifyRequest, route: Route, operations: ServiceOperations, tools: RouteTools, signal: AbortSignal): Call<TObject, TObject, TSchema> {
  const { body, caller } = request;
  return {
    operations,
    tools,
    caller,
    params: request.params as Call<TObject, TObject, TSchema>['params'],
    query: request.query as Call<TObject, TObject, TSchema>['query'],
    body,
    text: route.body.kind === 'json-text' ? (body as string | undefined) ?? '' : '',
    incoming: route.body.kind === 'stream' ? body as IncomingBody | undefined : undefined,
    headers: request.headers,
    signal,
  };
}
