import { PolicySyntaxError, parsePolicy, type Policy } from '@touchstone/policy';
import { findings, type Finding } from './findings';
import { readPolicyFile, type PolicyFile } from './policy-file';
import { renderSyntaxError } from './render-syntax-error';

export async function checkPolicy(file: string, { json }: { json?: boolean }): Promise<void> {
  const found = await readPolicyFile(file);
  const read = parse(found.text);
  if (read instanceof PolicySyntaxError) process.exitCode = 1;
  process.stdout.write(json ? `${JSON.stringify(asJson(found, read))}\n` : asText(found, read));
}

function parse(text: string): Policy | PolicySyntaxError {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return error;
    throw error;
  }
}

function asText(found: PolicyFile, read: Policy | PolicySyntaxError): string {
  const { file, hash, text } = found;
  if (read instanceof PolicySyntaxError) return renderSyntaxError(file, text, read);
  const warnings = findings(read).map(({ line, message }) => `${file}:${line}: ${message}`);
  const count = Object.values(read.sections).flat().length;
  const rules = count === 1 ? '1 rule' : `${count} rules`;
  const head = `${file}: a policy of version ${read.version} with ${rules}, hash ${hash}`;
  return `${[head, ...warnings].join('\n')}\n`;
}

function asJson({ file, hash }: PolicyFile, read: Policy | PolicySyntaxError): object {
  if (!(read instanceof PolicySyntaxError)) {
    const found: readonly Finding[] = findings(read);
    return { file, valid: true, version: read.version, hash, findings: found };
  }
  const { code, message, line, column, offendingSymbol, expected, failingRule } = read;
  const error = { code, message, line, column, offendingSymbol, expected, failingRule };
  return { file, valid: false, hash, error };
}
