import type { RpcSource } from '../../../src/chain/history/rpc-source.js';

export type Answering = (params: readonly unknown[], honest: () => Promise<unknown>) => Promise<unknown>;

/** A node whose answers to some methods a test bends. Counts what it was asked. */
export interface BentSource extends RpcSource {
  readonly asked: Map<string, number>;
}

export function bentSource(source: RpcSource, bends: Readonly<Record<string, Answering>>): BentSource {
  const asked = new Map<string, number>();
  return {
    asked,
    send: async (method, params) => {
      asked.set(method, (asked.get(method) ?? 0) + 1);
      const honest = (): Promise<unknown> => source.send(method, params);
      const bend = bends[method];
      return bend === undefined ? honest() : bend(params, honest);
    },
  };
}

/** A node without the logs that a test leaves out. */
export function withoutLogs(source: RpcSource, leftOut: (log: { readonly topics: readonly string[]; readonly data: string }) => boolean): BentSource {
  return bentSource(source, {
    eth_getLogs: async (_params, honest) => (await honest() as { topics: string[]; data: string }[]).filter((log) => !leftOut(log)),
  });
}
