import { describe, expect, it } from 'vitest';
import { decodeFields, encodeFields, type Fields } from './fields';
import { canonical, sign, signed, signOnly, verify } from './signature';

interface Vector {
  readonly secret: string;
  readonly fields: Fields;
  /** What is hashed, where the source prints it. */
  readonly canonical?: string;
  readonly hash: string;
}

const SALE = 'Circle4Take40Idea';

/**
 * V1–V3 and V7 are published with their hashes: V1–V3 in the gateway's integration guide (A-12,
 * A-21), V7 is an answer that Active Merchant recorded. V5 and V6 are the inputs of Cardstream's C#
 * SDK, of which it prints the first five characters. V4, V8, V10 and V11 were computed by two
 * independent implementations.
 */
const VECTORS: Readonly<Record<string, Vector>> = {
  'V1, a sale of the guide': {
    secret: 'DontTellAnyone',
    fields: decodeFields(
      'action=SALE&amount=2691&cardExpiryDate=1213&cardNumber=4929+4212+3460+0821&countryCode=826&currencyCode=826&merchantID=100001&orderRef=Signature+Test&transactionUnique=55f025addd3c2&type=1',
    ),
    hash: 'da0acd2c404945365d0e7ae74ad32d57c561e9b942f6bdb7e3dda49a08fcddf74fe6af6b23b8481b8dc8895c12fc21c72c69d60f137fdf574720363e33d94097',
  },
  'V1, with the merchant of a rebranded guide': {
    secret: 'DontTellAnyone',
    fields: decodeFields(
      'action=SALE&amount=2691&cardExpiryDate=1213&cardNumber=4929+4212+3460+0821&countryCode=826&currencyCode=826&merchantID=105630&orderRef=Signature+Test&transactionUnique=55f025addd3c2&type=1',
    ),
    hash: 'd9e38b5e1c079ede53fa289268143b502597650332ab21a5dc00fb7062d50144c976205d707a1499eb452757583750f0a57b37855f49e0993058a79233ce0627',
  },
  'V2, a direct request of the guide': {
    secret: SALE,
    fields: decodeFields(
      'action=SALE&amount=680&avscv2CheckRequired=N&cardCVV=356&cardExpiryDate=1219&cardNumber=4929+4212+3460+0821&countryCode=826&currencyCode=826&duplicateDelay=0&merchantID=100001&orderRef=Test+Transaction&threeDSRequired=N&transactionUnique=5de65b552499e&type=1',
    ),
    hash: '06b01e06c8fc761943d676d5f3aa2e9264758fed72e7bcb058a2a35cf23e8e45403099537bb0363054d6bc8ea951ce1ad86e582dbf0b435855b9c97507fcf844',
  },
  'V3, a hosted request of the guide': {
    secret: SALE,
    fields: decodeFields(
      'action=SALE&amount=680&countryCode=826&currencyCode=826&merchantID=100001&orderRef=Test+Transaction&redirectURL=https%3A%2F%2Fmyshop.com&transactionUnique=5de651c7c5379&type=1',
    ),
    hash: 'ba12b0766a3412782448f154be15e8f61eea390387b1b23d4688c82c9f28f81df593de5890426546cca365943cc7b5c4897c9721b663a0e17680e1e796f1ad55',
  },
  'V4, line ends of every kind': {
    secret: SALE,
    fields: [
      ['merchantID', '100001'],
      ['customerAddress', 'line 1\r\nline 2\rline 3\n\rline 4\nline 5'],
    ],
    canonical: 'customerAddress=line+1%0Aline+2%0Aline+3%0Aline+4%0Aline+5&merchantID=100001',
    hash: '9bd5510fe2c5167ce3268754a46a3ba3201921d22fb7548dcdf29279dbf887fafa571e3e5dd679f19e83e5c87184497694409c7a8f97561b2e5864f77d724ac5',
  },
  'V5, a record, and capitals before small letters': {
    secret: 'pass',
    fields: [
      ['a[aa]', '12'],
      ['a[bb]', '13'],
      ['a1', '0'],
      ['aa', '1'],
      ['aZ', '2'],
    ],
    canonical: 'a%5Baa%5D=12&a%5Bbb%5D=13&a1=0&aZ=2&aa=1',
    hash: '4aeaad56a2cb723fefa50369c401acf3df1964a1e6b1f9de55d0548adcb45005142350b11aaeb89d81753d090eac67c6045bd3466ebbef08b5cb3608e7a5ae05',
  },
  'V6, plain': {
    secret: 'pass',
    fields: [
      ['a', 'one'],
      ['b', 'two'],
    ],
    canonical: 'a=one&b=two',
    hash: '86cdc34aae7238f28e94356d9958bfd60cb8adfa1ca163b7cbf418e14e53d8ced0525553b2ff348ac3a247b4ba33a66fee4e45ef12e829d062ba3fdcbdbad57f',
  },
  'V6, escapes that were typed': {
    secret: 'pass',
    fields: [
      ['a', 'one'],
      ['b', 'New lines! %0D %0D%0A'],
    ],
    canonical: 'a=one&b=New+lines%21+%250D+%250D%250A',
    hash: 'cf50d7bbd3013a48a13669bdaeea6b8293cdab4aa4dd7e634933e37880ce05af9d8524fb77f0adac61b436c1d81e739d766233d090f1cfaa10250cd41bfe7176',
  },
  'V6, punctuation': {
    secret: 'pass',
    fields: [
      ['a', 'one'],
      ['b', 'strange "\'?& symbols '],
    ],
    canonical: 'a=one&b=strange+%22%27%3F%26+symbols+',
    hash: '7c95298436deafe484a9bf82e16dce82abf0d27f3ebbcfceefe0311a263548d4c04d98202df5c001f96f1649f2c37655dc6e70c345dbad2bec1cb593d59cd046',
  },
  'V6, beyond ASCII': {
    secret: 'pass',
    fields: [
      ['a', 'one'],
      ['b', 'a £ sign'],
    ],
    canonical: 'a=one&b=a+%C2%A3+sign',
    hash: '13637fdf9a344dc8359898b8c6b296539e1f2afeca62da3a6ffef25e9c0713e09c78ebac9fc696632493e2deeb11b46b16e97d5d102a2909d6704c7d1be3d435',
  },
  'V6, stars': {
    secret: 'pass',
    fields: [
      ['a', 'one'],
      ['b', 'aa ** stars'],
    ],
    canonical: 'a=one&b=aa+%2A%2A+stars',
    hash: '47a2b10a4fe13cf9da070f9cfc76f565885c11cebcfc852769eca5343ba2f97d3e62b047869acf4e455a72fccf540a3c4e3758fa70add5c8bf7c59ce55feb6f7',
  },
  'V7, an answer that was recorded': {
    secret: 'Dear0Coming15Edge',
    fields: decodeFields(
      'action=CANCEL&merchantID=103191&processMerchantID=103191&remoteAddress=107.15.253.186&requestMerchantID=103191&responseCode=65548&responseMessage=DB+ERROR&responseStatus=2&state=finished&timestamp=2016-05-03+17%3A02%3A10&xref=16050317BX02HT10NH49ZRS',
    ),
    hash: '73d3ea59f106208fdf3b0fd1bc09a21c8bb66bbf481a7b6769959b1b3b2cbc18fbce434f2ea7f648a4dbdbf180003b0cc77036410be7f246e827ace0ed459d9b',
  },
  'V8, a continuation of 3-D Secure': {
    secret: SALE,
    fields: [
      ['threeDSRef', 'UDNLRVk6dHJhbnNhY3Rpb25JRD0x'],
      ['merchantID', '100856'],
      ['action', 'SALE'],
      ['threeDSResponse[cres]', 'eyJhIjoxfQ'],
      ['threeDSResponse[threeDSSessionData]', 'c2Vzc2lvbg=='],
    ],
    canonical:
      'action=SALE&merchantID=100856&threeDSRef=UDNLRVk6dHJhbnNhY3Rpb25JRD0x&threeDSResponse%5Bcres%5D=eyJhIjoxfQ&threeDSResponse%5BthreeDSSessionData%5D=c2Vzc2lvbg%3D%3D',
    hash: '02212c96869f01fee6fc28a362108bf63b318a3f525f060196f788fe3856ab1153ca2a569d416bb9844ced109befac7f35b94c627973a469ad05213bcb43cc36',
  },
  'V8, with its record the other way round': {
    secret: SALE,
    fields: [
      ['threeDSRef', 'UDNLRVk6dHJhbnNhY3Rpb25JRD0x'],
      ['merchantID', '100856'],
      ['action', 'SALE'],
      ['threeDSResponse[threeDSSessionData]', 'c2Vzc2lvbg=='],
      ['threeDSResponse[cres]', 'eyJhIjoxfQ'],
    ],
    hash: 'd1f55a52c4a8f0c451900136584fcd4da2f259403adab6559bf91d445e0c92c0f91e9c8bd55518218041479990db8ecf94d56b83e69c0ea8d4f4cb8081dfd3ca',
  },
  'V10, records that look like numbers, and names that begin alike': {
    secret: SALE,
    fields: [
      ['merchantID', '100001'],
      ['items[0][description]', 'Newspaper'],
      ['items[0][amount]', '110'],
      ['items[10][description]', 'Ten'],
      ['items[2][description]', 'Two'],
      ['itemsTotal', '2'],
      ['item', 'x'],
    ],
    canonical:
      'item=x&items%5B0%5D%5Bdescription%5D=Newspaper&items%5B0%5D%5Bamount%5D=110&items%5B10%5D%5Bdescription%5D=Ten&items%5B2%5D%5Bdescription%5D=Two&itemsTotal=2&merchantID=100001',
    hash: 'bad4690fbe100aca35a116a3c3ac78749ca0e60dc615624f44025ecd6e9adb7f3cf9ae9c03fe473d62cc598eeb20c2fce03a1b57ef6080497f1af78015763549',
  },
  'V11, an answer with fields that no document names': {
    secret: SALE,
    fields: [
      ['merchantID', '100001'],
      ['action', 'SALE'],
      ['amount', '1001'],
      ['responseCode', '0'],
      ['responseStatus', '0'],
      ['responseMessage', 'AUTHCODE:117207'],
      ['state', 'captured'],
      ['xref', '26010112AB34CD56EF78GHJ'],
      ['timestamp', '2026-01-01 12:00:00'],
      ['cardNumberMask', '492942******0821'],
      ['cardScheme', 'Visa '],
      ['acquirerResponseDetails[b]', '2'],
      ['acquirerResponseDetails[a]', '1'],
      ['__wafRequestID', '2026-01-01T12:00:00Z|abc123'],
    ],
    canonical:
      '__wafRequestID=2026-01-01T12%3A00%3A00Z%7Cabc123&acquirerResponseDetails%5Bb%5D=2&acquirerResponseDetails%5Ba%5D=1&action=SALE&amount=1001&cardNumberMask=492942%2A%2A%2A%2A%2A%2A0821&cardScheme=Visa+&merchantID=100001&responseCode=0&responseMessage=AUTHCODE%3A117207&responseStatus=0&state=captured&timestamp=2026-01-01+12%3A00%3A00&xref=26010112AB34CD56EF78GHJ',
    hash: '368d50bd901e60d19de1e657130e85c07299d37a0287f27e47471a09dc4e581df98a136f629e70e84a32583906ccf41f7699ed886864ecd5055f00cd64c2ebde',
  },
};

describe('sign', () => {
  it.each(Object.entries(VECTORS))('%s', (_name, vector) => {
    if (vector.canonical !== undefined) expect(canonical(vector.fields)).toBe(vector.canonical);
    expect(sign(vector.fields, vector.secret)).toBe(vector.hash);
    expect(verify(signed(vector.fields, vector.secret), vector.secret)).toBe('whole');
  });

  it('does not depend on the order of root fields', () => {
    for (const { fields, secret, hash } of Object.values(VECTORS)) {
      const [first, ...rest] = fields;
      if (first === undefined || first[0].includes('[')) continue;
      expect(sign([...rest, first], secret)).toBe(hash);
    }
  });

  it('survives the wire', () => {
    for (const { fields, secret } of Object.values(VECTORS)) {
      expect(verify(decodeFields(encodeFields(signed(fields, secret))), secret)).toBe('whole');
    }
  });
});

describe('signOnly', () => {
  const FIELDS: Fields = [
    ['merchantID', '100001'],
    ['action', 'SALE'],
    ['type', '1'],
    ['currencyCode', '826'],
    ['countryCode', '826'],
    ['amount', '1001'],
    ['orderRef', 'Test purchase'],
    ['customerName', 'Editable By User'],
  ];
  const NAMES = FIELDS.slice(0, -1).map(([name]) => name);
  /** V9 */
  const SIGNATURE =
    'd18bb8868e373da750d1490fb46c61d8cab18da4bc06ef2722eddb4ff74456a46a2d415a6af0cceadb0bf619e1194c676032154258fe56dd83045d27b7afd924|merchantID,action,type,currencyCode,countryCode,amount,orderRef';

  it('covers what it lists, and says so', () => {
    expect(signOnly(FIELDS, SALE, NAMES)).toBe(SIGNATURE);
    expect(verify([...FIELDS, ['signature', SIGNATURE]], SALE)).toBe('partial');
  });

  it('leaves the rest to anybody, and nothing of what it lists', () => {
    const message = (name: string, value: string): Fields => [
      ...FIELDS.filter(([known]) => known !== name),
      [name, value],
      ['signature', SIGNATURE],
    ];
    expect(verify(message('customerName', 'Somebody Else'), SALE)).toBe('partial');
    expect(verify(message('amount', '1'), SALE)).toBe('wrong');
  });
});

describe('verify', () => {
  const MESSAGE = signed(
    [
      ['responseCode', '0'],
      ['amount', '1001'],
      ['empty', ''],
    ],
    SALE,
  );

  it.each<[string, Fields]>([
    ['a changed value', MESSAGE.map(([n, v]) => [n, n === 'amount' ? '1' : v])],
    ['an added field', [...MESSAGE, ['state', 'captured']]],
    ['a field that went missing', MESSAGE.filter(([name]) => name !== 'amount')],
    ['an empty field that went missing', MESSAGE.filter(([name]) => name !== 'empty')],
    ['a signature cut short', MESSAGE.map(([n, v]) => [n, n === 'signature' ? v.slice(0, 40) : v])],
    [
      'a list that covers less',
      MESSAGE.map(([n, v]) => [n, n === 'signature' ? `${v}|amount` : v]),
    ],
  ])('calls %s wrong', (_name, message) => {
    expect(verify(message, SALE)).toBe('wrong');
  });

  it('calls another secret wrong, and no signature missing', () => {
    expect(verify(MESSAGE, `${SALE}!`)).toBe('wrong');
    expect(verify(MESSAGE.slice(0, -1), SALE)).toBe('missing');
    expect(verify([...MESSAGE.slice(0, -1), ['signature', '']], SALE)).toBe('missing');
  });
});
