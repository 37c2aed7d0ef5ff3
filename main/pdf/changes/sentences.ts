import type { SealedChange } from '../../../preload/contract/verification.ts'

type Kind = SealedChange['kind']

const onPage = (page: number | null): string => (page === null ? '' : `第 ${page} 页`)
const ofField = (field: string): string => (field === '' ? '' : `“${field}”`)

/** What a change of a kind is called where nothing more is known of it. */
const plain: Readonly<Record<Kind, (page: number | null, field: string) => string>> = {
  'new-seal': (page) => `${onPage(page)}又盖了一个章。`,
  timestamp: () => '加了一个时间戳，证明文件在那时已经存在。',
  'validation-data': () => '补存了核验印章用的证书资料。',
  'form-fill': (_, field) => `填写或改动了表单项${ofField(field)}。`,
  'page-content': (page) => `${page === null ? '页面' : onPage(page)}的内容被改动。`,
  annotation: (page) => `${onPage(page)}增加、改动或去掉了批注。`,
  appearance: (page, field) => `${onPage(page)}${field === '' ? '' : `表单项${ofField(field)}`}的样子被换掉。`,
  'moved-widget': (page, field) => `${onPage(page)}表单项${ofField(field)}被移动或改了大小。`,
  'removed-field': (_, field) => `表单项${ofField(field)}被去掉。`,
  pages: () => '页面有增减、调换、旋转或裁切。',
  'hidden-content': (page) => `${onPage(page)}可能有内容被遮住或藏了起来。`,
  other: () => '文件里有别的改动。',
}

/** One plain sentence for a change. */
export const changeSentence = (kind: Kind, page: number | null, field: string): string => plain[kind](page, field)
