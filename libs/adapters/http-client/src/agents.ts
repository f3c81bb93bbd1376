import tls from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import { CONNECT_TIMEOUT_MS, KEEP_ALIVE_MS, MAX_CONNECTIONS_PER_ORIGIN } from './limits';
import type { Route } from './route';

export interface Agents {
  for(route: Route): Dispatcher;
  close(): Promise<void>;
}

/** One agent for plain routes and one for each mapped name: a connection carries one server name for its life. */
export function createAgents(ca: string | readonly string[] | undefined): Agents {
  const agents = new Map<string, Agent>();
  let secureContext: tls.SecureContext | undefined;

  const agentFor = (host: string): Agent => {
    secureContext ??= trusting(ca);
    const agent = new Agent({
      connections: MAX_CONNECTIONS_PER_ORIGIN,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS, secureContext, minVersion: 'TLSv1.2' },
    });
    agents.set(host, agent);
    return agent;
  };

  return {
    for: ({ host = '' }) => agents.get(host) ?? agentFor(host),
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.close()));
    },
  };
}

/** Made once for all connections: reading the roots takes longer than a handshake. */
function trusting(ca: string | readonly string[] | undefined): tls.SecureContext {
  const secure = tls.createSecureContext();
  // The `ca` option would replace the roots that Node trusts (NODE_EXTRA_CA_CERTS among them); this adds to them.
  const store: { addCACert(pem: string): void } = secure.context;
  for (const pem of ca === undefined ? [] : [ca].flat()) store.addCACert(pem);
  return secure;
}
