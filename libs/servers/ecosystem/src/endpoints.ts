/** `endpoints.json`: where a running ecosystem answers, and with which credentials. Written last, when all is ready. */
export interface Endpoints {
  /** Path of the local authority's certificate, PEM. */
  readonly ca: string;
  /** Base URL of each service by the name of its app. */
  readonly services: Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Opens the decision records of the services over the wire. */
  readonly operatorToken: string;
  /** Path of the simulated root certificate, PEM. */
  readonly simulatedRoot: string;
  readonly pid: number;
}

export const ENDPOINTS_FILE = 'endpoints.json';
