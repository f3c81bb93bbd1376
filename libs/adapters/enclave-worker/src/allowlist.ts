/**
 * What enclave code may `require`, and which members it gets: frozen copies, never the module itself. All of it works
 * on bytes alone. `crypto.setEngine`, for one, is not here: it loads native code from the file system.
 */
export const ALLOWED_MODULES: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': [
    'constants hash createHash createHmac hash hkdfSync timingSafeEqual randomBytes randomFillSync randomInt randomUUID',
    'createCipheriv createDecipheriv createSign createVerify sign verify publicEncrypt privateDecrypt',
    'generateKeyPair generateKeyPairSync createPrivateKey createPublicKey createSecretKey KeyObject',
    'X509Certificate diffieHellman createECDH ECDH getCiphers getHashes getCurves',
  ]
    .join(' ')
    .split(' '),
  'node:buffer': ['Buffer', 'constants', 'kMaxLength'],
};

/**
 * Globals that enclave code keeps. Whatever else Node puts on the global object is deleted before the enclave's first
 * line runs: `process`, `fetch`, timers, `performance`, `console`, `WebAssembly`, `SharedArrayBuffer` and the rest.
 */
export const ALLOWED_GLOBALS: readonly string[] = [
  'Object Function Array Number Boolean String Symbol BigInt Math JSON Date RegExp Promise Proxy Reflect',
  'Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError',
  'Map Set WeakMap WeakSet WeakRef FinalizationRegistry Iterator',
  'ArrayBuffer DataView Uint8Array Int8Array Uint8ClampedArray Uint16Array Int16Array Uint32Array Int32Array',
  'Float32Array Float64Array BigInt64Array BigUint64Array',
  'NaN Infinity undefined globalThis isNaN isFinite parseInt parseFloat',
  'encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape',
  'TextEncoder TextDecoder Buffer queueMicrotask',
]
  .join(' ')
  .split(' ');

/**
 * Members of `process` that Node's own internals use while they run a worker, its last moments included; every other
 * one (`binding`, `dlopen`, `getBuiltinModule`, `kill` …) is deleted. Without `_fatalException` an exception in the
 * enclave would end the whole host process.
 */
export const KEPT_PROCESS_MEMBERS: readonly string[] = [
  '_events _eventsCount _maxListeners _exiting _fatalException _preload_modules _tickCallback',
  'arch config domain emitWarning exit exitCode features hasUncaughtExceptionCaptureCallback hrtime nextTick',
  'platform reallyExit release setUncaughtExceptionCaptureCallback sourceMapsEnabled',
  'stderr stdin stdout uptime version versions',
]
  .join(' ')
  .split(' ');
