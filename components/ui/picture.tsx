export interface PictureProps {
  readonly src: string;
  /** Empty where what it shows is said beside it. */
  readonly alt: string;
  readonly className?: string;
}

/** As it comes from this server: small, and of a size that only the browser knows. */
export const Picture = ({ src, alt, className }: PictureProps) => (
  // oxlint-disable-next-line nextjs/no-img-element
  <img src={src} alt={alt} className={className} />
);
