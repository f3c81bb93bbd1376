// One line for each REST API: its shapes stand under its own name.
export * as attestation from './attestation';
export * as keyVault from './key-vault';
