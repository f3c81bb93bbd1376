import fc from 'fast-check';
import { fromUtf8, toUtf8 } from '@touchstone/bytes';
import { decodePlan, encodePlan, MAX_PARTICIPANTS } from './plan';
import type { Participant, StudyPlan } from './plan';

const participant = (name: string): Participant => ({
  name,
  keyId: `https://${name}.test/keys/data`,
  dataSha256: new Uint8Array(32).fill(name.length),
});
const plan: StudyPlan = {
  attestationUrl: 'https://attestation.test',
  participants: [participant('one'), participant('three')],
};
const [first, second] = plan.participants as [Participant, Participant];

describe('the plan of a study', () => {
  it('comes back as it was', () => {
    expect(decodePlan(encodePlan(plan))).toEqual(plan);
  });

  it.each<[string, Partial<StudyPlan>]>([
    ['attestationUrl', { attestationUrl: 'http://attestation.test' }],
    ['participants', { participants: [first] }],
    [
      'participants',
      {
        participants: Array.from({ length: MAX_PARTICIPANTS + 1 }, (_, i) => participant(`p${i}`)),
      },
    ],
    ['name', { participants: [first, { ...second, name: first.name }] }],
    ['name', { participants: [first, { ...second, name: 'No Name' }] }],
    ['keyId', { participants: [first, { ...second, keyId: first.keyId }] }],
    ['keyId', { participants: [first, { ...second, keyId: `https://${'x'.repeat(512)}` }] }],
    ['dataSha256', { participants: [first, { ...second, dataSha256: new Uint8Array(31) }] }],
  ])('has a valid %s', (field, change) => {
    expect(() => decodePlan(encodePlan({ ...plan, ...change }))).toThrow(
      expect.objectContaining({ code: 'PLAN_INVALID', field }),
    );
  });

  it('is of a version that is known', () => {
    const text = toUtf8(encodePlan(plan)).replace('"version":1', '"version":2');
    expect(() => decodePlan(fromUtf8(text))).toThrow(
      expect.objectContaining({ code: 'PLAN_INVALID', field: 'version' }),
    );
  });

  it('never fails without a code, whatever the bytes', () => {
    const text = toUtf8(encodePlan(plan));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map(fromUtf8),
      fc.nat(text.length).map((length) => fromUtf8(text.slice(0, length))),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        try {
          expect(decodePlan(given)).toEqual(plan);
        } catch (error) {
          expect(error).toMatchObject({ code: 'PLAN_INVALID' });
        }
      }),
    );
  });
});
