import { ZeroAddress } from 'ethers';
import { abiDigest } from '../abi-digest.js';
import { objectOrNull } from '../node-answers.js';
import { VAULT_LIMIT, VAULT_RULES } from '../vault-abi.js';
import type { VaultLimit, VaultRules } from '../vault-venue-client.js';
import { NodeContradictionError } from './history-errors.js';
import { TOKEN_HISTORY, VAULT_HISTORY } from './history-events.js';
import type { HistoryEvent } from './log-reader.js';
import { matchChanges, type ChangeDialect } from './match-changes.js';
import { plainStruct } from './plain-values.js';
import type { HistoryPlace } from './history-place.js';
import { venueTopic } from './read-registry.js';
import type { AssetLedger, FundMovement, HatchState, VaultDemandEvent, VaultDepositEvent, VaultHistory, VaultPayoutEvent, VaultRequestEvent } from './reserve-history.js';
import type { RpcReader } from './rpc-source.js';
import type { ChangeContent, TimelockChange } from './timelock-changes.js';
import type { HistoryGap } from './venue-history.js';

export interface VaultPart {
  readonly vault: VaultHistory;
  readonly ledgers: readonly AssetLedger[];
  readonly fund: bigint;
  readonly fundMovements: readonly FundMovement[];
  readonly changes: readonly TimelockChange[];
  readonly gaps: readonly HistoryGap[];
}

/** Everything of a vault that public figures need. @param tokens of the settlement assets */
export async function readVault(place: HistoryPlace, rpc: RpcReader, address: string, tokens: readonly string[]): Promise<VaultPart> {
  const { state, venueId } = place;
  const events = await place.logs.read(address, VAULT_HISTORY, [null, venueTopic(venueId)]);
  const changes = await withContents(matchChanges(events, DIALECT, state.block), rpc);
  return {
    vault: await vaultHistory(place, address, events, tokens.length),
    ledgers: await Promise.all(tokens.map((token, asset) => ledgerOf(place, address, token, asset))),
    fund: await state.value(address, VAULT_HISTORY, 'fundOf', [venueId]) as bigint,
    fundMovements: events.flatMap(fundMovement),
    changes,
    gaps: changes.filter(({ content }) => content === undefined).map(({ kind, proposed }) => (
      { kind: 'change-content-missing' as const, epoch: undefined, detail: `what was proposed to the vault (${kind}) in block ${proposed.block} stands in no event and was not a direct call: only its hash is known` })),
  };
}

async function vaultHistory(place: HistoryPlace, address: string, events: readonly HistoryEvent[], assets: number): Promise<VaultHistory> {
  const { state, venueId } = place;
  const rules = single<VaultRules>('rulesOf', await state.call(address, VAULT_HISTORY, 'rulesOf', [venueId]));
  const clearingHouse = await state.value(address, VAULT_HISTORY, 'clearingHouseOf', [venueId]) as string;
  const named = (name: string): readonly HistoryEvent[] => events.filter((event) => event.name === name);
  return {
    rules: rules.timelock === 0 ? undefined : rules,
    minTimelock: Number(await state.value(address, VAULT_HISTORY, 'MIN_TIMELOCK', [])),
    vaultLimits: await Promise.all(Array.from({ length: assets }, async (_, asset) => limitOf(single<SolidityLimit>('limitOf', await state.call(address, VAULT_HISTORY, 'limitOf', [venueId, asset]))))),
    ruleChanges: named('RulesChanged').map((event) => ({ rules: eventStruct<{ rules: VaultRules }>(event).rules, at: event.at })),
    limitChanges: named('LimitsChanged').map((event) => ({ limits: eventStruct<{ limits: readonly SolidityLimit[] }>(event).limits.map(limitOf), at: event.at })),
    pauses: named('PauseChanged').map((event) => ({ paused: event.args.getValue('paused') as boolean, at: event.at })),
    clearingHouse: clearingHouse === ZeroAddress ? undefined : clearingHouse,
    clearingHouseChanges: named('ClearingHouseChanged').map((event) => ({ clearingHouse: event.args.getValue('clearingHouse') as string, at: event.at })),
    newestStanding: Number(await state.value(address, VAULT_HISTORY, 'newestStanding', [venueId])),
    deposits: named('Deposited').map(depositOf),
    payouts: events.flatMap(payoutOf),
    requests: await Promise.all(named('WithdrawalRequested').map((event) => requestOf(place, address, event))),
    demands: await Promise.all(named('ReceiptDemanded').map((event) => demandOf(place, address, event))),
    hatch: hatchOf(single<Omit<HatchState, 'at'>>('hatchOf', await state.call(address, VAULT_HISTORY, 'hatchOf', [venueId])), named('HatchOpened').at(-1)),
  };
}

type SolidityLimit = Omit<VaultLimit, 'asset'> & { readonly asset: bigint };

function limitOf({ asset, coverage, payoutLimit }: SolidityLimit): VaultLimit {
  return Object.freeze({ asset: Number(asset), coverage, payoutLimit });
}

function single<Shape>(method: string, values: Parameters<typeof plainStruct>[1]): Shape {
  return Object.values(plainStruct<Record<string, Shape>>(VAULT_HISTORY.getFunction(method)?.outputs ?? [], values))[0] as Shape;
}

function eventStruct<Shape>({ name, args }: HistoryEvent): Shape {
  return plainStruct<Shape>(VAULT_HISTORY.getEvent(name)?.inputs ?? [], args);
}

async function ledgerOf({ state, venueId }: HistoryPlace, address: string, token: string, asset: number): Promise<AssetLedger> {
  const [tree, cleared, pending, exits] = await Promise.all(
    ['treeBalance', 'clearedBalance', 'pendingBalance', 'exitBalance'].map((method) => state.value(address, VAULT_HISTORY, method, [venueId, asset]) as Promise<bigint>),
  ) as [bigint, bigint, bigint, bigint];
  const balance = await state.tryValue(token, TOKEN_HISTORY, 'balanceOf', [address]);
  return { asset, tree, cleared, pending, exits, tokenBalance: typeof balance === 'bigint' ? balance : undefined };
}

function fundMovement({ name, args, at }: HistoryEvent): FundMovement[] {
  if (name === 'FundDeposited') return [{ direction: 'in', account: args.getValue('from') as string, amount: args.getValue('received') as bigint, at }];
  if (name === 'FundWithdrawn') return [{ direction: 'out', account: args.getValue('to') as string, amount: args.getValue('amount') as bigint, at }];
  return [];
}

function depositOf({ args, at }: HistoryEvent): VaultDepositEvent {
  return { depositId: args.getValue('depositId') as bigint, asset: Number(args.getValue('asset')), amount: args.getValue('amount') as bigint, at };
}

const PAYOUTS: Readonly<Record<string, VaultPayoutEvent['how']>> = { PaidOut: 'payout', ClearedPaidOut: 'cleared', MovedToCleared: 'moved', ExitCollected: 'exit' };

function payoutOf({ name, args, at }: HistoryEvent): VaultPayoutEvent[] {
  const how = PAYOUTS[name];
  return how === undefined ? [] : [{ how, asset: Number(args.getValue('asset')), amount: args.getValue('amount') as bigint, at }];
}

const STATUS: readonly (VaultRequestEvent['status'] | undefined)[] = [undefined, 'pending', 'deferred', 'paid', 'cancelled'];

interface SolidityRequest { readonly asset: bigint; readonly amount: bigint; readonly answerBy: number; readonly dueAt: number; readonly status: number }

async function requestOf({ state }: HistoryPlace, address: string, { args, at }: HistoryEvent): Promise<VaultRequestEvent> {
  const requestId = args.getValue('requestId') as bigint;
  const { asset, amount, answerBy, dueAt, status: code } = single<SolidityRequest>('requestAt', await state.call(address, VAULT_HISTORY, 'requestAt', [requestId]));
  const status = STATUS[code];
  if (status === undefined) throw new NodeContradictionError(`withdrawal request ${requestId} has an event and is not there in state: ask another node`, { request: requestId });
  return { requestId, asset: Number(asset), amount, answerBy, dueAt, status, at };
}

interface SolidityDemand { readonly epoch: number; readonly demandedAt: number; readonly answeredAt: number; readonly bond: bigint }

async function demandOf({ state, venueId }: HistoryPlace, address: string, { args, at }: HistoryEvent): Promise<VaultDemandEvent> {
  const demandId = args.getValue('demandId') as bigint;
  const { epoch, demandedAt, answeredAt, bond } = single<SolidityDemand>('demandAt', await state.call(address, VAULT_HISTORY, 'demandAt', [demandId]));
  if (demandedAt !== at.time) throw new NodeContradictionError(`demand ${demandId} has an event of ${at.time} and ${demandedAt} in state: ask another node`, { demand: demandId });
  const terms = single<{ readonly answerWindow: number }>('termsOf', await state.call(address, VAULT_HISTORY, 'termsOf', [venueId, epoch]));
  return { demandId, epoch, demandedAt, answeredAt: answeredAt === 0 ? undefined : answeredAt, answerBy: demandedAt + terms.answerWindow, bond, at };
}

function hatchOf(hatch: Omit<HatchState, 'at'>, opened: HistoryEvent | undefined): HatchState | undefined {
  return hatch.openedAt === 0 ? undefined : Object.freeze({ ...hatch, at: opened?.at });
}

const ACTIVATED: Readonly<Record<string, TimelockChange['kind']>> = {
  RulesChanged: 'vault-rules', LimitsChanged: 'vault-limits', ClearingHouseChanged: 'clearing-house', FundWithdrawn: 'fund-withdrawal',
};

const DIALECT: ChangeDialect = { contract: 'vault', activates: ({ name }) => ACTIVATED[name], proposal: () => undefined };

/** The vault's proposals stand in calldata only; what does not hash to the digest is not what was proposed. */
async function withContents(changes: readonly TimelockChange[], rpc: RpcReader): Promise<TimelockChange[]> {
  return Promise.all(changes.map(async (change) => {
    const method = 'eth_getTransactionByHash';
    const input = objectOrNull(method, await rpc.ask(method, [change.proposed.transaction]))?.['input'];
    const found = typeof input === 'string' ? contentOf(input) : undefined;
    return found !== undefined && found.digest === change.digest ? { ...change, content: found.content } : change;
  }));
}

function contentOf(input: string): { readonly content: ChangeContent; readonly digest: string } | undefined {
  const call = parseCall(input);
  if (call === undefined) return undefined;
  const inputs = VAULT_HISTORY.getFunction(call.name)?.inputs ?? [];
  switch (call.name) {
    case 'proposeRules': {
      const { rules } = plainStruct<{ rules: VaultRules }>(inputs, call.args);
      return { content: { what: 'vault-rules', rules }, digest: abiDigest([VAULT_RULES], [rules]) };
    }
    case 'proposeLimits': {
      const limits = plainStruct<{ limits_: readonly SolidityLimit[] }>(inputs, call.args).limits_.map(limitOf);
      return { content: { what: 'vault-limits', limits }, digest: abiDigest([`${VAULT_LIMIT}[]`], [limits]) };
    }
    case 'proposeClearingHouse': {
      const clearingHouse = call.args.getValue('clearingHouse') as string;
      return { content: { what: 'clearing-house', clearingHouse }, digest: abiDigest(['address'], [clearingHouse]) };
    }
    case 'proposeFundWithdrawal': {
      const amount = call.args.getValue('amount') as bigint;
      return { content: { what: 'fund-withdrawal', amount }, digest: abiDigest(['uint256'], [amount]) };
    }
    default:
      return undefined;
  }
}

function parseCall(input: string): { readonly name: string; readonly args: Parameters<typeof plainStruct>[1] } | undefined {
  try {
    const call = VAULT_HISTORY.parseTransaction({ data: input });
    return call === null ? undefined : { name: call.name, args: call.args };
  } catch {
    // A call of another contract that passed it on: its bytes are not ours to read.
    return undefined;
  }
}
