import { guideName } from './sheet-list.ts'
import type { WrittenSheet } from './sheets/write-workbook.ts'

const steps: readonly (readonly [what: string, how: string])[] = [
  ['先填', '“基本信息”表一行一个事项。事项标识自己定，定了就不改；别的表靠它对上。'],
  ['再填', '其余每张表是事项的一个部分，一行一项，按先后顺序。事项标识留空的，同上一行是一个事项。'],
  ['表头', '第一行的表头不要改名；列可以换位置，不用的列可以删。给自己看的列，表头以“备注”开头，不会读取。'],
  ['说明行', '第二行以“说明：”开头，是给人看的，不会读取，可以留着。'],
  ['编码', '编码一律是文本。单元格左上角有绿色小三角的不用管；变成 1.14E+17 这样的，要照原来的编码重新填。'],
  ['公式', '不读公式。算出来的数，请“选择性粘贴—值”。'],
  ['下拉列表', '有下拉列表的从列表里选；别处粘贴来的国家标准代码也认。'],
  ['JSON 列', '浅黄色的列由程序写，放的是别的列说不了的内容。从导出的工作簿改时不要动它；新写的事项留空。'],
  ['检查', '导入时全部检查一遍，错在哪张表、哪一格会一次说完；有必须改的，改好再导入。'],
]

/** The first sheet: how to fill the others in. */
export const guideSheet: WrittenSheet = {
  name: guideName,
  columns: [
    { head: '事项', hint: '说明：这张表只给人看，导入时不读取。', width: 14, kind: 'text' },
    { head: '怎么填', hint: '', width: 100, kind: 'text' },
  ],
  rows: steps,
  fixedColumns: 0,
}
