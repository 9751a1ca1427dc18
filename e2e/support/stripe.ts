/** The official client, pointed at a server of ours: only the address and the key are different. */
import { Stripe } from 'stripe';
import { contractViolations } from './contract';
import { SECRET_KEY, type ServerProcess } from './process';

type At = Pick<ServerProcess, 'port'>;

/** A client that never tries again by itself, and holds every answer to the SDK's own types. */
export function strictStripe(server: At, key = SECRET_KEY): Stripe {
  return new Stripe(key, { ...addressOf(server), maxNetworkRetries: 0, httpClient: strictHttp() });
}

export const addressOf = ({ port }: At) =>
  ({ host: '127.0.0.1', port, protocol: 'http', telemetry: false }) as const;

/** An answer that breaks the contract becomes an error, which the SDK throws with what is wrong. */
function strictHttp(): Stripe.HttpClient {
  const http = Stripe.createNodeHttpClient();
  const send = http.makeRequest.bind(http);
  http.makeRequest = async (...request) => {
    const response = await send(...request);
    const read = response.toJSON.bind(response);
    response.toJSON = async () => {
      const body: unknown = await read();
      const violations = response.getStatusCode() === 200 ? contractViolations(body) : [];
      return violations.length === 0 ? body : { error: { message: violations.join('\n') } };
    };
    return response;
  };
  return http;
}
