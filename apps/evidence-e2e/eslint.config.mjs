import base from '../../tools/lint/eslint.config.mjs';

// Like each project's `jest.config.cjs`, which the base leaves out.
export default [...base, { ignores: ['**/jest.evidence.cjs'] }];
