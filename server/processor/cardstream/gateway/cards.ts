/**
 * TABLE: the cards of Cardstream's test environment (Gateway Integration Guide V3.0, A-11). Every
 * other number is refused. Any expiry to come will do; its month chooses what 3-D Secure says.
 */
export interface TestCard {
  readonly number: string;
  readonly cvv: string;
  readonly type: CardType;
  /** As the issuer knows it; only digits are compared. Null: this issuer checks no addresses. */
  readonly address: string | null;
  readonly postcode: string | null;
  /** The issuer does not look at the browser before it decides (no 3-D Secure method). */
  readonly skipsMethod?: true;
}

export interface CardType {
  readonly type: string;
  readonly typeCode: string;
  readonly scheme: string;
  readonly schemeCode: string;
  /** Whether this scheme has 3-D Secure. */
  readonly threeDS: boolean;
}

const VISA = { scheme: 'Visa', schemeCode: 'VC', threeDS: true };
const MASTERCARD = { scheme: 'Mastercard', schemeCode: 'MC', threeDS: true };

const VISA_CREDIT: CardType = { type: 'Visa Credit', typeCode: 'VC', ...VISA };
const VISA_DEBIT: CardType = { type: 'Visa Debit', typeCode: 'VD', ...VISA };
const ELECTRON: CardType = { type: 'Visa Electron', typeCode: 'EL', ...VISA };
const MC_CREDIT: CardType = { type: 'Mastercard Credit', typeCode: 'MC', ...MASTERCARD };
const MC_DEBIT: CardType = { type: 'Mastercard Debit', typeCode: 'MD', ...MASTERCARD };
const MAESTRO: CardType = { type: 'UK Maestro', typeCode: 'MU', ...MASTERCARD };
const JCB: CardType = {
  type: 'JCB',
  typeCode: 'JC',
  scheme: 'JCB',
  schemeCode: 'JC',
  threeDS: false,
};
const AMEX: CardType = {
  type: 'American Express',
  typeCode: 'AM',
  scheme: 'American Express',
  schemeCode: 'AM',
  threeDS: true,
};
const DINERS: CardType = {
  type: 'Diners Club',
  typeCode: 'DI',
  scheme: 'Diners Club',
  schemeCode: 'DI',
  threeDS: false,
};

export const CARDS: readonly TestCard[] = [
  {
    number: '4929421234600821',
    cvv: '356',
    type: VISA_CREDIT,
    address: 'Flat 6, Primrose Rise, 347 Lavender Road, Northampton',
    postcode: 'NN17 8YG',
  },
  {
    number: '4543059999999982',
    cvv: '110',
    type: VISA_CREDIT,
    address: '76 Roseby Avenue, Manchester',
    postcode: 'M63X 7TH',
    skipsMethod: true,
  },
  {
    number: '4543059999999990',
    cvv: '689',
    type: VISA_CREDIT,
    address: '23 Rogerham Mansions, 4578 Ermine Street, Borehamwood',
    postcode: 'WD54 8TH',
    skipsMethod: true,
  },
  {
    number: '4539791001730106',
    cvv: '289',
    type: VISA_DEBIT,
    address: 'Unit 5 Pickwick Walk, 120 Uxbridge Road, Hatch End, Middlesex',
    postcode: 'HA6 7HJ',
  },
  {
    number: '4462000000000003',
    cvv: '672',
    type: VISA_DEBIT,
    address: 'Mews 57, Ladybird Drive, Denmark',
    postcode: '65890',
  },
  {
    number: '4917480000000008',
    cvv: '009',
    type: ELECTRON,
    address: '5-6 Ross Avenue, Birmingham',
    postcode: 'B67 8UJ',
  },
  {
    number: '5301250070000191',
    cvv: '419',
    type: MC_CREDIT,
    address: '25 The Larches, Narborough, Leicester',
    postcode: 'LE10 2RT',
  },
  {
    number: '5413339000001000',
    cvv: '304',
    type: MC_CREDIT,
    address: 'Pear Tree Cottage, The Green, Milton Keynes',
    postcode: 'MK11 7UY',
  },
  {
    number: '5434849999999951',
    cvv: '470',
    type: MC_CREDIT,
    address: '34a Rubbery Close, Cloisters Run, Rugby',
    postcode: 'CV21 8JT',
    skipsMethod: true,
  },
  {
    number: '5434849999999993',
    cvv: '557',
    type: MC_CREDIT,
    address: '4-7 The Hay Market, Grantham',
    postcode: 'NG32 4HG',
    skipsMethod: true,
  },
  {
    number: '5573471234567898',
    cvv: '159',
    type: MC_DEBIT,
    address: 'Merevale Avenue, Leicester',
    postcode: 'LE10 2BU',
  },
  {
    number: '6759015050123445002',
    cvv: '309',
    type: MAESTRO,
    address: 'The Parkway, 5258 Larches Approach, Hull',
    postcode: 'HU10 5OP',
  },
  {
    number: '6759016800000120097',
    cvv: '701',
    type: MAESTRO,
    address: 'The Manor, Wolvey Road, Middlesex',
    postcode: 'TW7 9FF',
  },
  {
    number: '3540599999991047',
    cvv: '209',
    type: JCB,
    address: '2 Middle Wallop, Merideth-in-the-Wolds, Lincolnshire',
    postcode: 'LN2 8HG',
  },
  {
    number: '374245455400001',
    cvv: '4887',
    type: AMEX,
    address: 'The Hunts Way, Southampton',
    postcode: 'SO18 1GW',
  },
  { number: '36432685260294', cvv: '111', type: DINERS, address: null, postcode: null },
  {
    number: '4012001037141112',
    cvv: '083',
    type: VISA_CREDIT,
    address: '16 Test Street',
    postcode: 'TE15 5ST',
  },
];

/** First six and last four digits: all that is kept of a number, and enough to tell these apart. */
export const maskOf = (number: string): string => `${number.slice(0, 6)}******${number.slice(-4)}`;

const byMask = new Map(CARDS.map((card) => [maskOf(card.number), card]));

export const cardByMask = (mask: string): TestCard | null => byMask.get(mask) ?? null;

export const cardByNumber = (number: string): TestCard | null => {
  const card = cardByMask(maskOf(number));
  return card?.number === number ? card : null;
};

/** What is known of a card by its first digit, of numbers that are on no list. */
export const typeOfNumber = (number: string): CardType => {
  if (/^3[47]/.test(number)) return AMEX;
  if (number.startsWith('35')) return JCB;
  if (number.startsWith('3')) return DINERS;
  if (number.startsWith('4')) return VISA_CREDIT;
  if (/^[25]/.test(number)) return MC_CREDIT;
  return { type: 'Unknown', typeCode: 'XX', scheme: 'Unknown', schemeCode: 'XX', threeDS: false };
};
