// The health check of every container: GET /readyz on the given local port, trusting the local authority only. With `answers`
// behind the port, any answer will do: a program of another house has no such path.
import { readFileSync } from 'node:fs';
import { get } from 'node:https';

const TIMEOUT_MS = 2000;
const ca = readFileSync(`${process.env.TOUCHSTONE_TLS_DIR}/ca.pem`);

get(
  { host: 'localhost', port: process.argv[2], path: '/readyz', ca, timeout: TIMEOUT_MS },
  (answer) => process.exit(answer.statusCode === 200 || process.argv[3] === 'answers' ? 0 : 1),
)
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
