import { equal, toHex } from '@touchstone/bytes';
import { hasCode } from '@touchstone/errors';
import {
  PAGE_BYTES,
  VENDOR_INTEL,
  mrSignerOf,
  parseSigstruct,
  verifySigstruct,
  type UnverifiedSigstruct,
} from '@touchstone/platform';
import {
  FieldWalk,
  attributesText,
  type InspectedField,
  type InspectedSection,
  type Inspection,
} from '@touchstone/service-verifier';
import type { EnclaveOnDisk } from './enclave-folder';

/** Manifest, extent and measurement of an enclave, and its SIGSTRUCT where it has one. */
export function inspectEnclave({ image, sigstruct }: EnclaveOnDisk): Inspection {
  const { name, productId, svn, debug, heapPages, threads, attributes, kss } = image.manifest;
  const about: InspectedSection = {
    title: 'Enclave',
    fields: [
      field('name', name),
      field('productId', `${productId}`, 'ISVPRODID'),
      field('svn', `${svn}`, 'ISVSVN'),
      field('debug', `${debug}`, debug ? 'may be loaded for reading' : 'can never be read'),
      field('heapPages', `${heapPages}`, `${heapPages * PAGE_BYTES} bytes`),
      field('threads', `${threads}`),
      field('attributes', attributes.join(', '), attributes.length > 0 ? '' : 'none asked for'),
      ...(kss
        ? [
            field('kss.extendedProductId', toHex(kss.extendedProductId), 'ISVEXTPRODID'),
            field('kss.familyId', toHex(kss.familyId), 'ISVFAMILYID'),
          ]
        : [field('kss', '', 'no key separation and sharing')]),
    ],
  };
  const measured: InspectedSection = {
    title: 'Measurement',
    fields: [
      field('code', `${image.code.length}`, 'bytes'),
      field('pages', `${image.layout.pages.length}`, `${countMeasured(image)} of them measured`),
      field('size', `${image.layout.size}`, 'bytes of address space'),
      field('MRENCLAVE', toHex(image.mrEnclave)),
    ],
  };
  if (sigstruct === undefined) return { sections: [about, measured] };
  const signature = inspectSigstruct(sigstruct, image.mrEnclave);
  return { ...signature, sections: [about, measured, ...signature.sections] };
}

/** Every field of a SIGSTRUCT (1808 bytes) with its offset, and what comes out of them. */
export function inspectSigstruct(bytes: Uint8Array, mrEnclave?: Uint8Array): Inspection {
  const sigstruct = parsed(bytes);
  if (typeof sigstruct === 'string') return { sections: [], fault: sigstruct };
  const derived = {
    title: 'Derived',
    fields: [
      field('MRSIGNER', toHex(mrSignerOf(sigstruct.modulus)), 'SHA-256 of MODULUS as stored'),
      field('signature', signatureText(sigstruct)),
      ...(mrEnclave === undefined
        ? []
        : [
            field(
              'ENCLAVEHASH',
              equal(mrEnclave, sigstruct.enclaveHash) ? 'this enclave' : 'another enclave',
            ),
          ]),
    ],
  };
  return { sections: [...walkSigstruct(bytes), derived] };
}

/** Intel SDM volume 3D, "SIGSTRUCT". */
function walkSigstruct(bytes: Uint8Array): readonly InspectedSection[] {
  const walk = new FieldWalk(bytes);
  walk.section('SIGSTRUCT');
  walk.hex('HEADER', 12);
  walk.hex('TYPE', 4);
  walk.u32('VENDOR', (vendor) => (vendor === VENDOR_INTEL ? 'Intel' : 'everyone else'));
  walk.u32('DATE', (date) => date.toString(16).padStart(8, '0'));
  walk.hex('HEADER2', 16);
  walk.u32('SWDEFINED');
  walk.hex('reserved1', 84);
  walk.hex('MODULUS', 384);
  walk.u32('EXPONENT');
  walk.hex('SIGNATURE', 384);
  walk.u32('MISCSELECT');
  walk.hex('MISCMASK', 4);
  walk.hex('reserved2', 4);
  walk.hex('ISVFAMILYID', 16);
  walk.hex('ATTRIBUTES', 16, attributesText);
  walk.hex(
    'ATTRIBUTEMASK',
    16,
    (mask) => `open: ${attributesText(mask.map((byte) => ~byte)) || 'none'}`,
  );
  walk.hex('ENCLAVEHASH', 32);
  walk.hex('reserved3', 16);
  walk.hex('ISVEXTPRODID', 16);
  walk.u16('ISVPRODID');
  walk.u16('ISVSVN');
  walk.hex('reserved4', 12);
  walk.hex('Q1', 384);
  walk.hex('Q2', 384);
  return walk.result;
}

function parsed(bytes: Uint8Array): UnverifiedSigstruct | string {
  try {
    return parseSigstruct(bytes);
  } catch (error) {
    if (!hasCode(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

function signatureText(sigstruct: UnverifiedSigstruct): string {
  try {
    verifySigstruct(sigstruct);
    return 'good';
  } catch (error) {
    if (!hasCode(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const countMeasured = ({ layout }: EnclaveOnDisk['image']): number =>
  layout.pages.filter(({ measured }) => measured).length;

const field = (name: string, value: string, meaning = ''): InspectedField => ({
  name,
  value,
  ...(meaning === '' ? {} : { meaning }),
});
