export { Narrator, renderStep } from './narrator';
export type { Step } from './narrator';
