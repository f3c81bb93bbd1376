import { toHex } from '@touchstone/bytes';
import type { Collateral, EnclaveIdentityId } from '@touchstone/collateral';
import { mrSignerOfKey, PCE_IDENTITY, pceIdentity, pckScalar, ppidOf } from '@touchstone/platform';
import type { FusedPlatform, Random } from '@touchstone/ports';
import { AuthorityError } from './authority-error';
import { authorityCertificates, type AuthorityCertificates, type Founding } from './certificates';
import { pckCrl, rootCrl } from './crls';
import { enclaveIdentity, newestSvn } from './enclave-identity';
import { signEnclave, type EnclaveToSign } from './enclave-signing';
import { evaluationDataNumbers } from './evaluation-numbers';
import { newAuthorityKeys, signersOf, type AuthorityKeys, type AuthorityRsaKeys } from './keys';
import { createPpidDecryptor, rsa3072, type PpidDecryptor } from './ppid';
import { pckCertificate } from './pck-certificate';
import { modelNamed, modelOfFmspc, type PckCa, type ProcessorModel } from './processor-model';
import { followed, upTo, type TcbRecovery, type TcbUpdate } from './recovery';
import { INITIAL_STATE, recoveriesOf, type AuthorityState } from './state';
import { cpuSvnOf, reaches, tcbmOf, type Tcb } from './svn';
import { certifiedTcbs } from './tcb-levels';
import { tcbInfo, type TcbInfoVersion } from './tcb-info';
import { documentDate, DAY_MS } from './window';

/** Which evaluation a document follows: an update channel, or an evaluation number by name. Default `standard`. */
export type Evaluation =
  { readonly update?: TcbUpdate } | { readonly evaluationDataNumber: number };

export interface IssuedPckCertificate {
  readonly tcb: Tcb;
  /** 36 upper-case hex digits, as the header SGX-TCBm has it. */
  readonly tcbm: string;
  readonly der: Uint8Array;
  readonly pem: string;
}

export interface ManufacturedProcessor {
  /** What the authority keeps. */
  readonly platform: FusedPlatform;
  readonly model: ProcessorModel;
  /** The TCB it leaves the factory with. */
  readonly tcb: Tcb;
  /** 16 bytes. */
  readonly cpuSvn: Uint8Array;
}

/**
 * The simulated Intel: everything it issues, as pure functions of its keys, its state and an instant. Documents carry the
 * date of the day, so that a day's answers are the same bytes.
 */
export interface Authority {
  readonly keys: AuthorityKeys;
  readonly state: AuthorityState;
  /** The trust anchor of this authority: its root's public key, 65 bytes. */
  readonly anchor: { readonly name: string; readonly publicKey: Uint8Array };
  /** DER. */
  readonly rootCertificate: Uint8Array;
  readonly ppid: PpidDecryptor;
  /** MRSIGNER of the architectural enclaves, 32 bytes. */
  readonly mrSigner: Uint8Array;

  certificates(at: Date): AuthorityCertificates;
  /** PEM, intermediate then root: the issuer chain of PCK certificates and PCK CRLs. */
  pckIssuerChain(ca: PckCa, at: Date): string;
  /** PEM, TCB signing then root: the issuer chain of TCB infos and enclave identities. */
  tcbIssuerChain(at: Date): string;

  /** Makes a processor: draws its root provisioning key. Its TCB is the newest one unless another is given. */
  manufacture(
    random: Random,
    options: { model: string; at: Date; tcb?: Tcb },
  ): ManufacturedProcessor;
  /** TCBs that PCK certificates exist for, highest first. */
  certifiedTcbs(model: ProcessorModel, at: Date): readonly Tcb[];
  pckCertificate(platform: FusedPlatform, tcb: Tcb, at: Date): IssuedPckCertificate;
  /** One for each certified TCB, highest first. */
  pckCertificates(platform: FusedPlatform, at: Date): readonly IssuedPckCertificate[];
  /** The certificate of the highest certified TCB not above the raw one; AUTHORITY_TCB_TOO_LOW when all are. */
  bestPckCertificate(platform: FusedPlatform, raw: Tcb, at: Date): IssuedPckCertificate;

  /** DER. */
  pckCrl(ca: PckCa, at: Date): Uint8Array;
  /** DER. */
  rootCrl(at: Date): Uint8Array;
  /** Whole body. AUTHORITY_FMSPC_UNKNOWN, AUTHORITY_EVALUATION_UNKNOWN, AUTHORITY_EVALUATION_GONE. */
  tcbInfo(fmspc: string, at: Date, options?: Evaluation & { version?: TcbInfoVersion }): Uint8Array;
  /** Whole body. AUTHORITY_EVALUATION_UNKNOWN, AUTHORITY_EVALUATION_GONE. */
  enclaveIdentity(
    id: EnclaveIdentityId,
    at: Date,
    options?: Evaluation & { advisories?: boolean },
  ): Uint8Array;
  qeIdentity(at: Date, options?: Evaluation): Uint8Array;
  evaluationDataNumbers(id: 'SGX' | 'TDX', at: Date): Uint8Array;
  /** Everything that a verifier needs for quotes of one model. */
  collateral(model: ProcessorModel, at: Date, options?: Evaluation): Collateral;

  /** SIGSTRUCT, 1808 bytes. AUTHORITY_ENCLAVE_REFUSED. */
  signEnclave(enclave: EnclaveToSign, at: Date): Uint8Array;

  /** The same authority in another state. */
  withState(state: AuthorityState): Authority;
}

export type AuthorityOptions = { readonly state?: AuthorityState; readonly name?: string } & (
  | { readonly keys: AuthorityKeys }
  | { readonly random: Random; readonly at: Date; readonly rsaKeys?: AuthorityRsaKeys }
);

/** A new authority from randomness, or a known one from its keys. AUTHORITY_KEYS_MALFORMED. */
export function createAuthority(options: AuthorityOptions): Authority {
  const keys =
    'keys' in options
      ? options.keys
      : newAuthorityKeys(options.random, options.at, options.rsaKeys);
  rsa3072(keys.enclaveSigning, 'enclaveSigning', 3n);
  const fixed: Fixed = {
    keys,
    name: options.name ?? 'simulated',
    signers: signersOf(keys),
    ppid: createPpidDecryptor(keys.ppidEncryption),
    mrSigner: mrSignerOfKey(keys.enclaveSigning),
  };
  return authorityIn(fixed, options.state ?? INITIAL_STATE);
}

interface Fixed {
  readonly keys: AuthorityKeys;
  readonly name: string;
  readonly signers: ReturnType<typeof signersOf>;
  readonly ppid: PpidDecryptor;
  readonly mrSigner: Uint8Array;
}

function authorityIn(fixed: Fixed, state: AuthorityState): Authority {
  const { keys, signers, mrSigner, ppid } = fixed;
  const { foundedAt } = keys;
  const faults = new Set(state.faults);
  const recoveries = recoveriesOf(state);
  const once = memo();
  const context = (at: Date) => ({ signers, foundedAt, faults, at, state, mrSigner });
  // A day and a state name a document; see documentDate.
  const daily = <Value>(name: string, at: Date, make: (founding: Context) => Value): Value => {
    const date = documentDate(foundedAt, state, at).getTime();
    return once(`${name}/${date}/${Math.floor(at.getTime() / DAY_MS)}`, () => make(context(at)));
  };
  const certificates = (at: Date): AuthorityCertificates =>
    daily('certificates', at, authorityCertificates);
  const chosen = (at: Date, evaluation: Evaluation): readonly TcbRecovery[] =>
    'evaluationDataNumber' in evaluation
      ? upTo(recoveries, evaluation.evaluationDataNumber, at)
      : followed(recoveries, evaluation.update ?? 'standard', at);
  const numberOf = (chosenOnes: readonly TcbRecovery[]): number =>
    chosenOnes.at(-1)?.evaluationDataNumber ?? 0;

  const self: Authority = {
    keys,
    state,
    ppid,
    mrSigner,
    anchor: { name: fixed.name, publicKey: signers.root.publicKeyBytes },
    get rootCertificate() {
      return certificates(foundedAt).root.der;
    },
    certificates,
    pckIssuerChain: (ca, at) => certificates(at).ca[ca].pem + certificates(at).root.pem,
    tcbIssuerChain: (at) => certificates(at).tcbSigning.pem + certificates(at).root.pem,

    manufacture: (random, { model: name, at, tcb }) => {
      const model = modelNamed(name);
      const rootProvisioningKey = random.bytes(16);
      const found = tcb ?? self.certifiedTcbs(model, at)[0] ?? model.base;
      const platform: FusedPlatform = {
        ppid: toHex(ppidOf(rootProvisioningKey, pceIdentity(mrSigner))),
        rootProvisioningKey,
        model: model.name,
        createdAt: at,
      };
      return { platform, model, tcb: found, cpuSvn: cpuSvnOf(found) };
    },
    certifiedTcbs: (model, at) => certifiedTcbs(model, followed(recoveries, 'early', at)),
    pckCertificate: (platform, tcb, at) => {
      const { rootProvisioningKey, ppid: name, createdAt } = platform;
      const pce = pceIdentity(mrSigner);
      const scalar = pckScalar(rootProvisioningKey, pce, cpuSvnOf(tcb), tcb.pceSvn);
      const certified = { model: modelNamed(platform.model), ppid: name, since: createdAt };
      const { der, pem } = pckCertificate(context(at), certified, tcb, scalar);
      return { tcb, tcbm: tcbmOf(tcb), der, pem };
    },
    pckCertificates: (platform, at) =>
      self
        .certifiedTcbs(modelNamed(platform.model), at)
        .map((tcb) => self.pckCertificate(platform, tcb, at)),
    bestPckCertificate: (platform, raw, at) => {
      const known = self.certifiedTcbs(modelNamed(platform.model), at);
      const best = known.find((tcb) => reaches(raw, tcb));
      if (best) return self.pckCertificate(platform, best, at);
      throw new AuthorityError('AUTHORITY_TCB_TOO_LOW', 'the TCB is below every certified level', {
        field: 'cpusvn',
      });
    },

    pckCrl: (ca, at) =>
      daily(`pck-crl/${ca}`, at, (founding) =>
        pckCrl({ ...founding, certificates: certificates(at) }, ca),
      ),
    rootCrl: (at) =>
      daily('root-crl', at, (founding) => rootCrl({ ...founding, certificates: certificates(at) })),
    tcbInfo: (fmspc, at, { version = 3, ...evaluation } = {}) => {
      const covered = chosen(at, evaluation);
      const name = `tcb/${modelOfFmspc(fmspc).fmspc}/${version}/${numberOf(covered)}`;
      return daily(name, at, (founding) => tcbInfo(founding, fmspc, covered, version));
    },
    enclaveIdentity: (id, at, { advisories = true, ...evaluation } = {}) => {
      const covered = chosen(at, evaluation);
      const name = `identity/${id}/${advisories}/${numberOf(covered)}`;
      return daily(name, at, (founding) => enclaveIdentity(founding, id, covered, advisories));
    },
    qeIdentity: (at, evaluation = {}) => self.enclaveIdentity('QE', at, evaluation),
    evaluationDataNumbers: (id, at) =>
      daily(`numbers/${id}`, at, (founding) => evaluationDataNumbers(founding, id, recoveries)),
    collateral: (model, at, evaluation = {}) => ({
      tcbInfo: self.tcbInfo(model.fmspc, at, evaluation),
      tcbInfoIssuerChain: self.tcbIssuerChain(at),
      qeIdentity: self.qeIdentity(at, evaluation),
      qeIdentityIssuerChain: self.tcbIssuerChain(at),
      pckCrl: self.pckCrl(model.ca, at),
      pckCrlIssuerChain: self.pckIssuerChain(model.ca, at),
      rootCaCrl: self.rootCrl(at),
    }),

    signEnclave: (enclave, at) => {
      const isvSvn =
        enclave.enclave === 'pce'
          ? PCE_IDENTITY.isvSvn
          : newestSvn('QE', followed(recoveries, 'early', at));
      return signEnclave(keys.enclaveSigning, enclave, isvSvn, at);
    },
    withState: (other) => authorityIn(fixed, other),
  };
  return self;
}

type Context = Founding & { readonly state: AuthorityState; readonly mrSigner: Uint8Array };

const MAX_MEMO_ENTRIES = 256;

function memo() {
  const entries = new Map<string, unknown>();
  return <Value>(key: string, make: () => Value): Value => {
    const known = entries.get(key);
    if (known !== undefined) return known as Value;
    const value = make();
    if (entries.size >= MAX_MEMO_ENTRIES) entries.clear();
    entries.set(key, value);
    return value;
  };
}
