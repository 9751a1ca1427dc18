import type { ApiObject, Page, SearchPage } from '@/server/kernel/object';
import type { Answer } from '@/server/kernel/operation';

export interface List {
  object: 'list' | 'search_result';
  data: readonly ApiObject[];
  has_more: boolean;
  url: string;
  next_page?: string | null;
}

/** A page becomes Stripe's list, which names the path it was asked under. */
export function envelope(answer: Answer, path: string): ApiObject | List {
  if (isPage(answer)) {
    return { object: 'list', data: answer.data, has_more: answer.has_more, url: path };
  }
  if (isSearchPage(answer)) {
    return {
      object: 'search_result',
      data: answer.data,
      has_more: answer.has_more,
      next_page: answer.next_page,
      url: path,
    };
  }
  return answer;
}

const isPage = (answer: Answer): answer is Page<ApiObject> => answer.object === 'page';
const isSearchPage = (answer: Answer): answer is SearchPage<ApiObject> =>
  answer.object === 'search_page';
