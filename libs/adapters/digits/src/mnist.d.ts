// The package carries no types. `set` and the rest are not used: they draw at random.
declare module 'mnist';
