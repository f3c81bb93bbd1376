import type { HttpClient, HttpResponse } from '@touchstone/http-client';
import { readText } from './manifest';

/** The forms in which the item keeps an answer: body under one of these names, issuer chain decoded. */
interface RecordedAnswer {
  readonly issuer_chain?: string;
  readonly crl_data?: string;
  readonly crl_data_base64?: string;
  readonly enclave_identity_json?: string;
  readonly tcb_info_json?: string;
  readonly tcb_evaluation_data_numbers_json?: string;
  readonly fmspcs_json?: string;
}

const HEADERS = {
  crl: 'sgx-pck-crl-issuer-chain',
  identity: 'sgx-enclave-identity-issuer-chain',
  tcb: 'tcb-info-issuer-chain',
} as const;

const readAnswer = (file: string): RecordedAnswer => JSON.parse(readText(file)) as RecordedAnswer;

export const signedNumbers = (file: string): { readonly body: string; readonly chain: string } => {
  const { tcb_evaluation_data_numbers_json: body = '', issuer_chain: chain = '' } =
    readAnswer(file);
  return { body, chain };
};

export const fmspcList = (file: string): unknown => JSON.parse(readAnswer(file).fmspcs_json ?? '');

/** The one answer of this file to whatever is asked, as Intel's service sends it; the questions are kept. */
export function recordedService(file: string): HttpClient & { readonly asked: string[] } {
  const asked: string[] = [];
  const response = responseOf(readAnswer(file));
  return {
    asked,
    request: ({ url }) => {
      asked.push(url);
      return Promise.resolve(response);
    },
    close: () => Promise.resolve(),
  };
}

function responseOf(answer: RecordedAnswer): HttpResponse {
  const { issuer_chain = '', crl_data, crl_data_base64 } = answer;
  const chain = encodeURIComponent(issuer_chain);
  if (crl_data_base64 !== undefined)
    return responding(Buffer.from(crl_data_base64, 'base64'), { [HEADERS.crl]: chain });
  if (crl_data !== undefined) return responding(crl_data, { [HEADERS.crl]: chain });
  const { enclave_identity_json, tcb_info_json = '' } = answer;
  if (enclave_identity_json !== undefined)
    return responding(enclave_identity_json, { [HEADERS.identity]: chain });
  return responding(tcb_info_json, { [HEADERS.tcb]: chain });
}

const responding = (
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): HttpResponse => ({ status: 200, headers, body: new Uint8Array(Buffer.from(body)) });
