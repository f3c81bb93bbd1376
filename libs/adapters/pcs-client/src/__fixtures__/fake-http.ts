import type { HttpClient, HttpRequest, HttpResponse } from '@touchstone/http-client';

export type Answer = Partial<HttpResponse> | Error;

/** Answers each request with the next of the given answers (the last one for ever) and remembers what was asked. */
export function fakeHttp(...answers: readonly Answer[]) {
  const requests: HttpRequest[] = [];
  const http: Pick<HttpClient, 'request'> = {
    request: async (request) => {
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push(request);
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: {}, body: new Uint8Array(), ...answer };
    },
  };
  return { http, requests };
}
