import { Skeleton } from '@/components/ui/surfaces';

/** While a page is on its way: its head, and where its content will be. */
export default function Loading() {
  return (
    <div aria-busy className="flex flex-col gap-4">
      <Skeleton className="h-7 w-44" />
      <Skeleton className="h-8 w-72" />
      <Skeleton className="h-96 w-full" />
    </div>
  );
}
