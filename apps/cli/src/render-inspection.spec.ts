import { renderInspection } from './render-inspection';

describe('renderInspection', () => {
  it('puts fields under their titles, with offset, size and meaning', () => {
    const text = renderInspection({
      sections: [
        {
          title: 'Header',
          fields: [
            { name: 'version', value: '3', offset: 0, size: 2 },
            { name: 'long', value: 'ab'.repeat(60), meaning: 'two lines', offset: 2, size: 60 },
          ],
        },
        { title: '', fields: [{ name: 'issuer', value: 'me' }] },
      ],
      fault: 'it ends here',
    });
    expect(text).toBe(
      [
        'Header',
        '       0      2  version                    3',
        `       2     60  long                       ${'ab'.repeat(48)}`,
        `${' '.repeat(44)}${'ab'.repeat(12)}  (two lines)`,
        '',
        '  issuer                     me',
        '',
        '✗ it ends here',
        '',
      ].join('\n'),
    );
  });
});
