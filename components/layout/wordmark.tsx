import Image from 'next/image';

/** The name of the house, with its mark. The mark says nothing that the name does not. */
export function Wordmark() {
  return (
    <p className="flex items-center gap-3 font-semibold">
      <Image src="/logo.svg" alt="" width={36} height={36} unoptimized priority />
      Calmony Pay
    </p>
  );
}
