// A static check of docker-compose.yml and its Dockerfile: what a container runs with is a promise of SECURITY.md.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true });
const dockerfile = read('tools/docker/Dockerfile');
const endpoints = JSON.parse(read('tools/docker/endpoints.json'));
const scenarioEndpoints = JSON.parse(read('tools/docker/scenario-endpoints.json'));
const services = Object.entries(compose.services);
/** Play a flow on the others, and end. */
const isPlayer = (name) => name === 'demo' || name.startsWith('scenario-');
const servers = services.filter(([name]) => !isPlayer(name));

for (const [name, service] of services) {
  test(`${name} is built from a target of its own`, () => {
    assert.match(dockerfile, new RegExp(`^FROM app AS ${service.build.target}$`, 'm'));
  });

  test(`${name} cannot write its image, gain privileges or capabilities`, () => {
    assert.equal(service.read_only, true);
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
  });

  test(`${name} uses declared networks and volumes only`, () => {
    assert.ok(service.networks.length > 0);
    for (const network of service.networks) assert.ok(network in compose.networks, network);
    for (const volume of service.volumes)
      assert.ok(volume.split(':')[0] in compose.volumes, volume);
  });

  test(`${name} waits for health, not for luck`, () => {
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.equal(condition, 'service_healthy');
      assert.ok(compose.services[needed].healthcheck, needed);
    }
  });
}

for (const [name, service] of servers) {
  test(`${name} has a health check and publishes on this machine only`, () => {
    assert.equal(service.healthcheck.test[2], '/app/healthcheck.mjs');
    assert.ok(service.ports.every((port) => port.startsWith('127.0.0.1:')));
  });

  test(`${name} stands where the command line looks for it`, () => {
    const port = service.ports[0].split(':')[2];
    const known = service.profiles?.includes('scenarios') ? scenarioEndpoints : endpoints;
    assert.equal(new URL(known.services[name]).origin, `https://${name}:${port}`);
  });
}

test('only what publishes ports touches a network that leads out', () => {
  const internal = Object.entries(compose.networks).filter(([, network]) => network.internal);
  assert.deepEqual(internal.map(([name]) => name).sort(), ['platform', 'services']);
});

test('the simulated root is written by its maker and by nobody else', () => {
  const writers = services.filter(([, service]) => service.volumes.includes('trust:/trust'));
  assert.deepEqual(
    writers.map(([name]) => name),
    ['intel-pcs'],
  );
});

test('no container runs as root', () => {
  assert.match(dockerfile, /^USER 1000:1000$/m);
  assert.ok(dockerfile.lastIndexOf('USER') < dockerfile.indexOf('FROM app AS'));
});

test('the scenarios know all that the command line knows, and their own machines', () => {
  const { services: known, ...rest } = scenarioEndpoints;
  const { services: common, ...others } = endpoints;
  assert.deepEqual(rest, others);
  assert.deepEqual({ ...known, ...common }, known);
});

test('whoever puts keys into a vault waits for who vouches for him', () => {
  const owners = services.filter(
    ([name, { depends_on: needed = {} }]) =>
      isPlayer(name) && Object.keys(needed).some((other) => other.startsWith('key-vault')),
  );
  assert.ok(owners.length > 0);
  for (const [name, { depends_on: needed }] of owners) assert.ok('identity' in needed, name);
});

test('no two services publish one port', () => {
  const ports = servers.flatMap(([, service]) => service.ports.map((port) => port.split(':')[1]));
  assert.equal(new Set(ports).size, ports.length);
});

test('what belongs to the scenarios starts with their profile only', () => {
  for (const [name, service] of services) {
    const own = /^(?:scenario-|enclave-host-|key-vault-|storage$)/.test(name);
    assert.equal(service.profiles?.includes('scenarios') ?? false, own, name);
  }
});
