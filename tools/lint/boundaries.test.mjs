// The boundary rule is only worth something if it catches: each case lints a forbidden import where it would be typed.
import assert from 'node:assert/strict';
import path from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

before(() => createProjectGraphAsync());

async function complaints(project, source) {
  process.chdir(root);
  const eslint = new ESLint({ cwd: path.join(root, project) });
  const filePath = path.join(root, project, 'src/index.ts');
  const [result] = await eslint.lintText(source, { filePath });
  return result.messages
    .filter((message) => message.ruleId === '@nx/enforce-module-boundaries')
    .map((message) => message.message);
}

const forbidden = [
  ['an engine that reaches up', 'libs/engines/verification', `import '@touchstone/token';`],
  ['a format that knows a verifier', 'libs/formats/quote', `import '@touchstone/verification';`],
  ['a judge that holds the forge', 'libs/servers/attestation', `import '@touchstone/authority';`],
  ['a service that talks HTTP', 'libs/services/attestation', `import '@touchstone/http';`],
  ['a service that uses an adapter', 'libs/services/key-vault', `import '@touchstone/store';`],
  [
    'express in a pure room',
    'libs/outcomes/release',
    `import express from 'express';\nexport { express };`,
  ],
  [
    'jose outside its home',
    'libs/outcomes/release',
    `import { jwtVerify } from 'jose';\nexport { jwtVerify };`,
  ],
  ['the test kit outside tests', 'libs/services/attestation', `import '@touchstone/testkit';`],
];

for (const [name, project, source] of forbidden) {
  test(`refuses ${name}`, async () => {
    assert.notDeepEqual(await complaints(project, source), []);
  });
}

const allowed = [
  ['a step down', 'libs/engines/verification', `import '@touchstone/quote';`],
  [
    'a package at home',
    'libs/outcomes/token',
    `import { jwtVerify } from 'jose';\nexport { jwtVerify };`,
  ],
];

for (const [name, project, source] of allowed) {
  test(`lets ${name} pass`, async () => {
    assert.deepEqual(await complaints(project, source), []);
  });
}
