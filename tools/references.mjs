// Writes each project's TypeScript references from what its sources import, or with --check says which are stale.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');

const subfolders = (folder) =>
  readdirSync(path.join(root, folder))
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(path.join(root, name)).isDirectory());

const holdsPackage = (folder) => {
  try {
    return statSync(path.join(root, folder, 'package.json')).isFile();
  } catch {
    return false;
  }
};

const projects = ['apps', 'libs', ...subfolders('libs')].flatMap(subfolders).filter(holdsPackage);
const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const folderOf = new Map(projects.map((p) => [readJson(path.join(p, 'package.json')).name, p]));

function importedProjects(project) {
  if (!existsSync(path.join(root, project, 'src'))) return [];
  const files = readdirSync(path.join(root, project, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(root, project, 'src', file), 'utf8'));
  const names = files.flatMap((text) =>
    [...text.matchAll(/(?:from|import\()\s*'(@touchstone\/[a-z-]+)'/g)].map((match) => match[1]),
  );
  return [...new Set(names)].map((name) => folderOf.get(name)).filter((p) => p && p !== project);
}

const stale = [];
for (const project of projects) {
  const file = path.join(project, 'tsconfig.json');
  const config = readJson(file);
  const references = importedProjects(project)
    .map((target) => ({ path: path.relative(project, target) }))
    .sort((a, b) => a.path.localeCompare(b.path));
  if (JSON.stringify(config.references) === JSON.stringify(references)) continue;
  stale.push(project);
  if (!check) {
    writeFileSync(path.join(root, file), `${JSON.stringify({ ...config, references }, null, 2)}\n`);
  }
}

if (check && stale.length > 0) {
  console.error(
    `TypeScript references are stale: ${stale.join(', ')}. Run: node tools/references.mjs`,
  );
  process.exit(1);
}
