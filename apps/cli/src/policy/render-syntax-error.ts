import type { PolicySyntaxError } from '@touchstone/policy';

/** A syntax error as a compiler prints it, and the text in which the service would answer. */
export function renderSyntaxError(file: string, text: string, error: PolicySyntaxError): string {
  const { line, column, failureMessage, failingRule, expected } = error;
  const source = (text.split('\n')[line - 1] ?? '').replaceAll(/[\t\r]/g, ' ');
  const lines = [
    `${file}:${line}:${column}: ${failureMessage}`,
    `  ${source}`,
    `  ${' '.repeat(column - 1)}^`,
    ...(expected.length > 0 ? [`  expected  ${expected.join(' or ')}`] : []),
    `  while in  ${failingRule}`,
    `  on the wire  Policy Parser Exception Thrown: ${error.message}`,
  ];
  return `${lines.join('\n')}\n`;
}
