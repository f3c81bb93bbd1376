export { loadDigits, MAX_PER_DIGIT } from './digits';
export type { Digits } from './digits';
