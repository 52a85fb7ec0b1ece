import { byId } from '../elements.js';
import type { ExpectedRecipient } from '../../verification/account-check.js';
import type { KnownVenue } from '../../verification/venue-meant.js';

/** What was typed beside the files. */
export interface TypedAnswers {
  readonly rpc?: string;
  readonly known: KnownVenue;
  readonly expected: ExpectedRecipient;
  readonly pastedAttestation?: string;
}

/** A field that cannot be used as it is. */
export interface FieldFault {
  readonly field: HTMLInputElement | HTMLTextAreaElement;
  readonly sentence: string;
}

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
/** As the command line takes them. */
const NUMBER = /^[0-9]{1,78}$/;

/** The page's text fields. */
export class QuestionForm {
  private readonly rpc = byId('rpc-url', HTMLInputElement);
  private readonly registry = byId('registry', HTMLInputElement);
  private readonly chainId = byId('chain-id', HTMLInputElement);
  private readonly venueId = byId('venue-id', HTMLInputElement);
  private readonly userId = byId('user-id', HTMLInputElement);
  private readonly owner = byId('owner', HTMLInputElement);
  private readonly pasted = byId('attestation-text', HTMLTextAreaElement);

  clear(): void {
    for (const field of this.fields()) field.value = '';
    this.unmark();
  }

  /** What is in the fields, or the first that must be corrected, which is then marked. */
  read(): TypedAnswers | FieldFault {
    this.unmark();
    const fault = this.fault();
    if (fault !== undefined) {
      fault.field.setAttribute('aria-invalid', 'true');
      fault.field.closest('details')?.setAttribute('open', '');
      return fault;
    }
    const [rpc, registry, chainId, venueId, owner] = [this.rpc, this.registry, this.chainId, this.venueId, this.owner].map((field) => field.value.trim());
    return {
      known: {
        ...(registry ? { registry } : {}),
        ...(chainId ? { chainId: BigInt(chainId) } : {}),
        ...(venueId ? { venueId: BigInt(venueId) } : {}),
      },
      expected: {
        // A user id may begin with a space: it is taken as it stands.
        ...(this.userId.value === '' ? {} : { userId: this.userId.value }),
        ...(owner ? { owner: BigInt(owner) } : {}),
      },
      ...(rpc ? { rpc } : {}),
      ...(this.pasted.value.trim() === '' ? {} : { pastedAttestation: this.pasted.value }),
    };
  }

  private fault(): FieldFault | undefined {
    const registry = this.registry.value.trim();
    if (registry !== '' && !ADDRESS.test(registry)) return { field: this.registry, sentence: 'The registry must be an address: 0x and 40 hex digits.' };
    for (const [field, name] of [[this.chainId, 'chain id'], [this.venueId, 'venue id'], [this.owner, 'owner commitment']] as const) {
      const text = field.value.trim();
      if (text !== '' && !NUMBER.test(text)) return { field, sentence: `The ${name} must be a whole number.` };
    }
    // A venue id or chain id says nothing about a registry that the bundle chose.
    if (registry === '' && (this.chainId.value.trim() !== '' || this.venueId.value.trim() !== '')) {
      return { field: this.registry, sentence: 'Chain id and venue id need the registry\'s address beside them.' };
    }
    return undefined;
  }

  private unmark(): void {
    for (const field of this.fields()) field.removeAttribute('aria-invalid');
  }

  private fields(): readonly (HTMLInputElement | HTMLTextAreaElement)[] {
    return [this.rpc, this.registry, this.chainId, this.venueId, this.userId, this.owner, this.pasted];
  }
}
