import { Badge } from './badge';

/** TABLE: the words of the statuses that one meets here. */
const WORDS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad request',
  401: 'Unauthorised',
  402: 'Request failed',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  429: 'Too many requests',
  500: 'Server error',
};

/** An HTTP status: the number, and what it means where that is well known. */
export const HttpStatus = ({ status }: { status: number }) => (
  <Badge look={status < 300 ? 'good' : status < 500 ? 'warn' : 'bad'}>
    {status}
    {WORDS[status] !== undefined && <span className="ml-1 max-sm:sr-only">{WORDS[status]}</span>}
  </Badge>
);
