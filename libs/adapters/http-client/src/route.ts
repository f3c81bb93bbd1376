import { HttpClientError } from './http-client-error';

/** Where a request goes: the origin that is dialled, and the host that the URL names when that is another. */
export interface Route {
  readonly origin: string;
  readonly path: string;
  /** The origin that the URL names: what errors speak of. */
  readonly named: string;
  /** Host of the URL, with its port, when the origin map sends the request elsewhere. */
  readonly host?: string;
}

/** Resolves URLs against a map from origin to origin. HTTP_URL_REFUSED for what is no plain web address. */
export function createRouter(originMap: Readonly<Record<string, string>>): (url: string) => Route {
  const mapped = new Map(
    Object.entries(originMap).map(([from, to]) => [new URL(from).origin, new URL(to).origin]),
  );
  return (url) => {
    const parsed = parseWebUrl(url);
    const path = `${parsed.pathname}${parsed.search}`;
    const origin = mapped.get(parsed.origin);
    if (origin === undefined) return { origin: parsed.origin, path, named: parsed.origin };
    return { origin, path, named: parsed.origin, host: parsed.host };
  };
}

function parseWebUrl(url: string): URL {
  if (!URL.canParse(url)) throw new HttpClientError('HTTP_URL_REFUSED', 'the address is not a URL');
  const parsed = new URL(url);
  const web = parsed.protocol === 'https:' || parsed.protocol === 'http:';
  if (web && parsed.username === '' && parsed.password === '') return parsed;
  throw new HttpClientError(
    'HTTP_URL_REFUSED',
    'the address must be http or https, without credentials',
    {
      field: parsed.origin,
    },
  );
}
