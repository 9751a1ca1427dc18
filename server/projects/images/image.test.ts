import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BYTES_MAX, toImage } from './image';
import { crc } from './png';

const chunk = (name: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(content.length, 0);
  around.writeUInt32BE(crc(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
};

function png({ width = 1, height = 1, more = [] as Buffer[] } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...more,
    chunk('IDAT', deflateSync(Buffer.alloc(4))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const segment = (marker: number, content: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
};

const jpeg = (...more: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
    ...more,
    segment(0xc0, Buffer.from([8, 0, 2, 0, 3, 1, 1, 0x11, 0])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    // A restart and a byte that only looks like a marker are within the scan.
    Buffer.from([1, 0xff, 0x00, 2, 0xff, 0xd0, 3]),
    Buffer.from([0xff, 0xd9]),
  ]);

const svg = (content: string, attributes = 'viewBox="0 0 10 10"'): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`);

const taken = (file: Buffer) => toImage(file, 'content');
const refused = (file: Buffer): string => {
  try {
    taken(file);
  } catch (error) {
    return (error as Error).message;
  }
  return 'It was taken.';
};

describe('a PNG', () => {
  it('is kept as it is', () => {
    expect(taken(png())).toEqual({ type: 'image/png', bytes: png() });
  });

  it('loses its texts, and what is behind its end', () => {
    const told = png({ more: [chunk('tEXt', Buffer.from('Author\0Ada'))] });
    const longer = Buffer.concat([told, Buffer.from('<script>alert(1)</script>')]);
    expect(taken(longer).bytes).toEqual(png());
  });

  it('is refused where it is damaged, cut off, empty or too large', () => {
    const damaged = Buffer.from(png());
    damaged[20] = 9;
    expect(refused(damaged)).toMatch(/damaged/);
    expect(refused(png().subarray(0, -6))).toMatch(/ends too early/);
    expect(refused(png({ width: 0 }))).toMatch(/no size/);
    expect(refused(png({ width: 5_000 }))).toMatch(/larger than 4096 pixels/);
    expect(refused(Buffer.concat([png(), Buffer.alloc(BYTES_MAX)]))).toMatch(/at most 512 KB/);
  });
});

describe('a JPEG', () => {
  it('loses where it was taken, and what is behind its end', () => {
    const exif = segment(0xe1, Buffer.from('Exif\0\0 51.5N 0.1W'));
    const comment = segment(0xfe, Buffer.from('by Ada'));
    const longer = Buffer.concat([jpeg(exif, comment), Buffer.from('more')]);
    expect(taken(longer)).toEqual({ type: 'image/jpeg', bytes: jpeg() });
  });

  it('is refused where it is cut off or shows nothing', () => {
    expect(refused(jpeg().subarray(0, -4))).toMatch(/ends too early/);
    expect(refused(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))).toMatch(/nothing to see/);
    expect(refused(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0xff]))).toMatch(/early|damaged/);
  });
});

describe('an SVG', () => {
  it('is written anew from what draws', () => {
    const drawn = `<?xml version="1.0"?>
      <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
      <!-- by hand -->
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:sodipodi="http://sodipodi.example" viewBox="0 0 10 10">
        <title>Ours</title><metadata>who</metadata><sodipodi:namedview/>
        <defs><linearGradient id="a"><stop offset="0" style="stop-color:#fff; -x-y: 1"/></linearGradient></defs>
        <rect class="x" data-n="1" width="10" height="10" fill="url(#a)"/>
        <text x="1">A &amp; B &lt;</text>
      </svg>`;
    const { type, bytes } = taken(Buffer.from(drawn));
    expect(type).toBe('image/svg+xml');
    expect(bytes.toString()).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><defs><linearGradient id="a">' +
        '<stop offset="0" stop-color="#fff"></stop></linearGradient></defs>' +
        '<rect width="10" height="10" fill="url(#a)"></rect><text x="1">A &#38; B &#60;</text></svg>',
    );
    expect(taken(bytes).bytes).toEqual(bytes);
  });

  it.each([
    ['<script>alert(1)</script>', /<script>/],
    ['<style>rect{fill:url(//evil.example)}</style>', /<style>/],
    ['<foreignObject><p>x</p></foreignObject>', /<foreignObject>/],
    ['<image href="https://evil.example/x.png"/>', /<image>|refers/],
    ['<use href="#a"/>', /<use>|refers/],
    ['<a href="javascript:alert(1)"><rect/></a>', /<a>|refers/],
    ['<animate attributeName="href"/>', /<animate>/],
    ['<rect onload="alert(1)"/>', /script/],
    ['<rect ONCLICK="alert(1)"/>', /script/],
    ['<linearGradient xlink:href="//evil.example#x"/>', /refers/],
    ['<rect fill="url(https://evil.example/x)"/>', /refers/],
    ['<rect style="fill: url( \'//evil.example\' )"/>', /refers/],
    ['<rect fill="u\\72l(//evil.example)"/>', /escapes/],
    ['<rect fill="&#117;rl(//evil.example)"/>', /refers/],
    ['<rect fill="&evil;"/>', /entities/],
    ['<rect x="1" x="2"/>', /damaged/],
    ['<g><rect></g></rect>', /damaged/],
    ['<g>', /damaged|not a PNG/],
    ['<rect x=1/>', /not a PNG/],
    ['&#0;', /entities/],
    ['<g>'.repeat(60) + '</g>'.repeat(60), /nested/],
    ['<g/>'.repeat(10_001), /too many/],
  ])('is refused with %.60s', (content, reason) => {
    expect(refused(svg(content))).toMatch(reason);
  });

  it('is refused with entities of its own, without a size, or in another encoding', () => {
    const bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
    expect(refused(Buffer.concat([Buffer.from(bomb), svg('')]))).toMatch(/not a PNG/);
    expect(refused(svg('', ''))).toMatch(/size/);
    expect(refused(Buffer.from(svg('').toString(), 'utf16le'))).toMatch(/not a PNG/);
  });
});

describe('anything else', () => {
  it.each(['', 'GIF89a', '<html></html>', '<?php echo 1 ?>', '%PDF-1.7'])(
    'is refused: %s',
    (text) => {
      expect(refused(Buffer.from(text))).toMatch(/not a PNG, JPEG or SVG file/);
    },
  );
});
