/**
 * The first code that runs in an enclave's worker, as source text, because a worker is started from text and this lib
 * may be part of any bundle. It takes the port that it was handed, empties the global object, evaluates the measured
 * code as a CommonJS module, and from then on only answers the port.
 *
 * The code is compiled by `vm.compileFunction` without a module callback, so `import()` is refused. Payloads are
 * copied before they leave: posting a view would clone the whole buffer behind it, and with Node's pooled buffers that
 * is memory of the enclave that nobody meant to give away. Instructions take their own port, and the code stands still
 * until the processor has answered: to the enclave they are instructions, not calls that go out.
 */
export const BOOTSTRAP = `'use strict';
(() => {
  const { workerData, parentPort, receiveMessageOnPort } = require('node:worker_threads');
  const { compileFunction } = require('node:vm');
  const { EventEmitter } = require('node:events');
  const { code, name, port, processor, allowed, limits } = workerData;
  const { store, wait } = Atomics;
  const realProcess = process;
  const nextTurn = setImmediate;
  const post = port.postMessage.bind(port);

  const modules = new Map();
  for (const [id, members] of Object.entries(allowed.modules)) {
    const whole = require(id);
    const some = Object.freeze(Object.fromEntries(members.filter((key) => key in whole).map((key) => [key, whole[key]])));
    modules.set(id, some).set(id.slice('node:'.length), some);
  }

  const fault = (code, message) => Object.assign(new Error(message), { code });
  const text = (value, max, otherwise) => (typeof value === 'string' ? value.slice(0, max) : otherwise);
  const copy = (value, what) => {
    if (!ArrayBuffer.isView(value)) throw fault('ENCLAVE_NOT_BYTES', what + ' is not bytes');
    if (value.byteLength > limits.messageBytes) throw fault('ENCLAVE_MESSAGE_TOO_LARGE', what + ' is too large');
    const out = new Uint8Array(value.byteLength);
    out.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return out;
  };

  const waiting = new Map();
  let lastId = 0;
  const ask = (message) =>
    new Promise((resolve, reject) => {
      if (waiting.size >= limits.openOcalls) throw fault('ENCLAVE_TOO_MANY_OCALLS', 'too many calls are open');
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      post({ ...message, id });
    });
  const execute = processor.port.postMessage.bind(processor.port);
  const instruct = (instruction, ...operands) => {
    store(processor.answered, 0, 0);
    execute({ name: instruction, operands: operands.map((operand) => copy(operand, instruction)) });
    wait(processor.answered, 0, 0);
    const answer = receiveMessageOnPort(processor.port).message;
    if (answer.kind === 'refusal') throw fault(answer.code, answer.message);
    return answer.payload;
  };
  const runtimeOf = (ecall) =>
    Object.freeze({
      ocall: async (ocall, payload) =>
        ask({ kind: 'ocall', ecall, name: text(ocall, limits.nameCharacters, ''), payload: copy(payload, 'the payload') }),
      report: (targetInfo, reportData) => instruct('EREPORT', targetInfo, reportData),
      getKey: (keyRequest) => instruct('EGETKEY', keyRequest),
      yield: () => new Promise((resolve) => nextTurn(resolve)),
    });
  const enter = async (ecalls, { id, name: ecall, payload }) => {
    try {
      const result = await ecalls[ecall](payload, runtimeOf(id));
      post({ kind: 'returned', id, payload: copy(result, 'the result') });
    } catch (error) {
      const errorCode = text(error?.code, limits.nameCharacters, 'ENCLAVE_ERROR');
      post({ kind: 'threw', id, code: errorCode, message: text(error?.message, limits.errorCharacters, '') });
    }
  };
  const settle = ({ kind, id, payload, code: errorCode, message }) => {
    const pending = waiting.get(id);
    waiting.delete(id);
    if (kind === 'answer') pending?.resolve(payload);
    else pending?.reject(fault(errorCode, message));
  };

  const sourceText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(code);
  const program = compileFunction(sourceText, ['require', 'module', 'exports'], { filename: name });

  // Node's internals go on using their \`process\`: it loses what reaches out, and every method becomes its own, so
  // that no prototype which the enclave can patch is asked with \`process\` as \`this\`.
  const keptOfProcess = new Set(allowed.processMembers);
  for (const key of Reflect.ownKeys(realProcess)) {
    if (typeof key === 'string' && !keptOfProcess.has(key)) Reflect.deleteProperty(realProcess, key);
  }
  for (const key of Reflect.ownKeys(EventEmitter.prototype)) {
    if (!Object.hasOwn(realProcess, key)) realProcess[key] = EventEmitter.prototype[key];
  }
  realProcess.env = Object.freeze(Object.create(null));
  realProcess.argv = Object.freeze([]);
  realProcess.execArgv = Object.freeze([]);
  Reflect.setPrototypeOf(realProcess, null);
  const keptGlobals = new Set(allowed.globals);
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!keptGlobals.has(key) && !Reflect.deleteProperty(globalThis, key)) throw fault('ENCLAVE_START', String(key) + ' stays');
  }

  const module = { exports: {} };
  const allowedRequire = (id) => {
    const found = modules.get(id);
    if (found === undefined) throw fault('ENCLAVE_MODULE_REFUSED', 'an enclave cannot load that module');
    return found;
  };
  program.call(undefined, allowedRequire, module, module.exports);
  const ecalls = Object.assign(Object.create(null), module.exports.ecalls);
  for (const ecall of Object.values(ecalls)) if (typeof ecall !== 'function') throw fault('ENCLAVE_START', 'not a function');

  port.on('message', (message) => {
    if (message.kind === 'ecall') void enter(ecalls, message);
    else settle(message);
  });
  parentPort.close();
  post({ kind: 'ready', ecalls: Object.keys(ecalls) });
})();`;
