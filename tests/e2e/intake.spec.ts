// Owns: taking in a case where something goes wrong: bad numbers, missing answers, files that are none, crashes, doubled keys.
// Does not own: the whole way of a case (clerk.spec.ts), what the desk refuses by itself (tests/integration).
// Start here: the first test.
import type { Page } from '@playwright/test'
import { expect, test } from '../helpers/app.ts'
import {
  addEveryMaterial,
  answer,
  fillAnswers,
  login,
  madeUpIdNumber,
  materialCard,
  startDraft,
} from '../helpers/window.ts'

const rightNumber = madeUpIdNumber('19400315', '124')
const wrongNumber = `${rightNumber.slice(0, 17)}${rightNumber.endsWith('1') ? '2' : '1'}`

/** Rows of the window's own journal of unsaved keystrokes. */
const journalRows = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('cunchuang-drafts')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const counting = opening.result.transaction('journal').objectStore('journal').count()
          counting.onsuccess = () => {
            opening.result.close()
            resolve(counting.result)
          }
        }
      }),
  )

/** Keeps pictures from being finished until it is let go. */
async function holdUpTaking(page: Page): Promise<() => Promise<void>> {
  const letGo = await page.evaluateHandle(() => {
    const whole = HTMLCanvasElement.prototype.toBlob
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    HTMLCanvasElement.prototype.toBlob = function (...given) {
      void held.then(() => whole.apply(this, given))
    }
    return () => go()
  })
  return () => letGo.evaluate((go) => go())
}

/** Keeps pictures from being turned until it is let go. */
async function holdUpTurning(page: Page): Promise<() => Promise<void>> {
  const letGo = await page.evaluateHandle(() => {
    const whole = window.createImageBitmap.bind(window) as (picture: ImageBitmapSource) => Promise<ImageBitmap>
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    window.createImageBitmap = (picture: ImageBitmapSource) => held.then(() => whole(picture))
    return () => go()
  })
  return () => letGo.evaluate((go) => go())
}

test('says what is wrong with an identity number, and fills sex and birthday from a right one', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  await answer(page, '身份证号').fill(wrongNumber)
  await expect(page.getByText('最后一位与前面的数字对不上').first()).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-answer=idNumber]')).toContainText('最后一位与前面的数字对不上，有一位抄错了')
  await expect(answer(page, '出生日期')).toHaveValue('')

  await answer(page, '身份证号').fill(rightNumber)
  await expect(page.locator('[data-answer=idNumber]')).toContainText('1940年3月15日生 · 女')
  await expect(answer(page, '出生日期')).toHaveValue('1940年3月15日')
  await expect(page.getByRole('radio', { name: '女' })).toBeChecked()
})

test('tells everything missing at once, and leads to the first of it when 收件 is tried too early', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  await answer(page, '姓名').fill('演练甲')
  await expect(page.getByRole('complementary', { name: '还缺什么' })).toContainText('户口簿（首页和本人页）')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/还不能收件：身份证号、/)).toBeVisible()
  await expect(answer(page, '身份证号')).toBeFocused()
  await expect(page.locator('[data-answer=idNumber]')).toContainText('必填')
})

test('stores a file that is dragged onto its material', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  const photo = (await page.screenshot({ type: 'jpeg' })).toString('base64')
  const dragged = await page.evaluateHandle((base64) => {
    const transfer = new DataTransfer()
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
    transfer.items.add(new File([bytes], '户口簿首页.jpg', { type: 'image/jpeg' }))
    return transfer
  }, photo)
  const card = materialCard(page, '户口簿（首页和本人页）')
  await card.dispatchEvent('dragover', { dataTransfer: dragged })
  await card.dispatchEvent('drop', { dataTransfer: dragged })
  await expect(card.getByRole('button', { name: '打开 户口簿首页.jpg' })).toBeVisible()
  await expect(card).toContainText('已有')
})

test('photographs a material page by page with one key', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  const card = materialCard(page, '户口簿（首页和本人页）')
  // The form stands before its materials: there is nothing to photograph until they have come.
  await expect(card.getByRole('button', { name: /拍照/ })).toBeVisible()
  await page.keyboard.press('F4')
  await expect(page.getByRole('button', { name: /拍一张/ })).toBeFocused()
  await page.keyboard.press('Space')
  await expect(page.getByRole('img', { name: '第 1 张' })).toBeVisible()
  await page.keyboard.press('F4')
  await expect(page.getByRole('img', { name: '第 2 张' })).toBeVisible()
  await page.getByRole('button', { name: '第 2 张：转 90°' }).click()

  // A computer without room to turn it says so, keeps the pages, and stores them once it can.
  const turning = await page.evaluateHandle(() => window.createImageBitmap)
  await page.evaluate(() => {
    window.createImageBitmap = () => Promise.reject(new DOMException('no room', 'InvalidStateError'))
  })
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('alert')).toContainText('照片没有存入：电脑没能处理其中一张。拍好的都还在')
  await page.evaluate((whole) => {
    window.createImageBitmap = whole
  }, turning)
  await page.keyboard.press('Control+Enter')
  await expect(card.getByRole('button', { name: /^打开/ })).toHaveCount(2)
})

test('a picture that is being taken is waited for, and none changes while they are stored', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  const card = materialCard(page, '户口簿（首页和本人页）')
  await expect(card.getByRole('button', { name: /拍照/ })).toBeVisible()
  await page.keyboard.press('F4')
  const take = page.getByRole('button', { name: /拍一张/ })
  await expect(take).toBeFocused()
  await page.keyboard.press('F4')
  await expect(page.getByRole('img', { name: '第 1 张' })).toBeVisible()

  const letTaken = await holdUpTaking(page)
  await page.keyboard.press('F4')
  await expect(take).toHaveClass(/loading/)
  await page.keyboard.press('Control+Enter')
  await letTaken()
  await expect(page.getByRole('img', { name: '第 2 张' })).toBeVisible()

  await page.getByRole('button', { name: '第 2 张：转 90°' }).click()
  const letTurned = await holdUpTurning(page)
  await page.keyboard.press('Control+Enter')
  await expect(take).toBeDisabled()
  await expect(page.getByRole('button', { name: '第 1 张：不要' })).toBeDisabled()
  await page.keyboard.press('F4')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog').getByRole('img', { name: /^第/ })).toHaveCount(2)
  await expect(page.getByRole('dialog').getByRole('alert')).toBeHidden()
  await letTurned()
  await expect(card.getByRole('button', { name: /^打开/ })).toHaveCount(2)
})

test('refuses a photo of 200 MB, a text and an empty file in words, and keeps the good one', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  const card = materialCard(page, '居民身份证')
  const huge = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    const megabyte = new Uint8Array(1024 * 1024)
    transfer.items.add(
      new File(Array<Uint8Array<ArrayBuffer>>(200).fill(megabyte), '大照片.jpg', { type: 'image/jpeg' }),
    )
    return transfer
  })
  await card.dispatchEvent('drop', { dataTransfer: huge })
  await card.locator('input[type=file]').setInputFiles([
    { name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('不是照片') },
    { name: '空.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    { name: '正面.jpg', mimeType: 'image/jpeg', buffer: await page.screenshot({ type: 'jpeg' }) },
  ])
  await expect(card).toContainText('“大照片.jpg”没有存入。 文件太大：超过 50 MB。')
  await expect(card).toContainText('“说明.txt”没有存入。 这种文件不能作为材料。')
  await expect(card).toContainText('“空.jpg”没有存入。 文件是空的。')
  await expect(card.getByRole('button', { name: '打开 正面.jpg' })).toBeVisible()
})

test('keeps what was typed while the desk was dead, over a reload of the window', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  await answer(page, '姓名').fill('演练甲')
  await expect(page.getByTestId('saved')).toBeVisible()
  await expect.poll(() => journalRows(page)).toBe(0)
  app.crashDesk()
  await answer(page, '详细地址').fill('演练组7号')
  await expect.poll(() => journalRows(page)).toBeGreaterThan(0)
  await page.reload()
  await expect(page.getByText('已恢复上次没存完的输入')).toBeVisible({ timeout: 30_000 })
  await expect(answer(page, '详细地址')).toHaveValue('演练组7号')
  await expect(page.getByTestId('saved')).toBeVisible()
  await expect.poll(() => journalRows(page)).toBe(0)
})

test('reads the journal of an older version, and says so when a row cannot be read', async ({ app }) => {
  const draftId = await startDraft(app)
  const { page } = app
  await expect(page.getByTestId('saved')).toBeVisible()
  await page.evaluate(writeOldJournal, draftId)
  await page.reload()
  await expect(page.getByText('已恢复上次没存完的输入')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('有 1 处上次没存完的输入已无法读出')).toBeVisible()
  await expect(answer(page, '详细地址')).toHaveValue('旧版写下的地址')
})

test('makes one case when 收件 is pressed twice, and its old draft leads to the receipt', async ({ app }) => {
  const draftId = await startDraft(app)
  const { page } = app
  await fillAnswers(page, '演练丙', rightNumber)
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('heading', { name: '已收件' })).toBeVisible()
  await page.evaluate((id) => {
    window.location.hash = `#/intake/${id}`
  }, draftId)
  await expect(page.getByRole('heading', { name: '已收件' })).toBeVisible()
  await page.keyboard.press('Alt+1')
  await expect(page.getByRole('tab', { name: /全部/ })).toContainText('1')
})

test('asks the seal PIN in its place and prints the sealed receipt at its true size', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  await fillAnswers(page, '演练丁', rightNumber)
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await page.getByLabel('印章口令').fill('000000000')
  await page.keyboard.press('Enter')
  await expect(page.getByText('印章口令不对')).toBeVisible()
  await page.getByLabel('印章口令').fill(app.training().sealPin)
  await page.keyboard.press('Enter')
  await expect(page.getByText('盖章有效')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('img', { name: /^第 1 页/ })).toBeVisible()
  // The dialog of the system cannot be driven: what would be printed is read at the moment it would open.
  await page.evaluate(() => {
    window.print = () => {
      const sheets = [...document.querySelectorAll<HTMLImageElement>('.pdf-print img')]
      document.title =
        sheets.map(({ style, naturalWidth }) => `${parseFloat(style.width).toFixed(1)}mm ${naturalWidth}px`)[0] ?? ''
    }
  })
  await page.keyboard.press('F9')
  await expect(page).toHaveTitle('210.0mm 2480px')

  // Left while the page is still being drawn: no dialog comes up over the next screen.
  await page.evaluate(holdNextDrawing)
  await page.keyboard.press('F9')
  await expect(page.locator('body')).toHaveAttribute('data-drawn', 'held')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: '已收件' })).toHaveCount(0)
  await page.evaluate(() => document.body.dispatchEvent(new Event('go-on')))
  await expect(page.locator('body')).toHaveAttribute('data-drawn', 'done')
  await expect(page).toHaveTitle('')
})

/** Runs in the page: the next page that is drawn for printing is held until the body hears `go-on`; shortly after that it is `done`. */
function holdNextDrawing(): void {
  document.title = ''
  const { toBlob } = HTMLCanvasElement.prototype
  HTMLCanvasElement.prototype.toBlob = function (take, ...format) {
    HTMLCanvasElement.prototype.toBlob = toBlob
    const goOn = () => {
      toBlob.call(this, take, ...format)
      // A page of this size is a picture within a second.
      setTimeout(() => {
        document.body.dataset.drawn = 'done'
      }, 1500)
    }
    document.body.addEventListener('go-on', goOn, { once: true })
    document.body.dataset.drawn = 'held'
  }
}

test('comes back to a draft that was left with Esc', async ({ app }) => {
  await startDraft(app)
  await answer(app.page, '姓名').fill('演练戊')
  await app.page.keyboard.press('Escape')
  await expect(app.page.getByRole('tab', { name: /全部/ })).toBeVisible()
  await app.restart()
  await login(app)
  await app.page.keyboard.press('F2')
  await app.page.getByRole('complementary', { name: '接着办' }).getByRole('button').first().click()
  await expect(answer(app.page, '姓名')).toHaveValue('演练戊')
})

/** Runs in the page: puts a database of version 1 in the place of today's, with one row of this station and one of another key. */
async function writeOldJournal(draftId: string): Promise<void> {
  type Called = { readonly ok: boolean; readonly value: { readonly key: string } }
  const bridge = (window as { cunchuang?: { call: (name: string, input: object) => Promise<unknown> } }).cunchuang
  const asked = bridge?.call('drafts.journalKey', {})
  const overFetch = () =>
    fetch('/api/call/drafts.journalKey', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }).then((response) => response.json())
  const { value } = (await (asked ?? overFetch())) as Called
  const stationKey = Uint8Array.from(atob(value.key), (one) => one.charCodeAt(0))
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const rowOf = async (keyBytes: Uint8Array<ArrayBuffer>, text: string) => {
    const key = await crypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, ['encrypt'])
    const vector = crypto.getRandomValues(new Uint8Array(12))
    const additionalData = new TextEncoder().encode(draftId)
    const parameters = { name: 'AES-GCM', iv: vector, additionalData }
    return { draftId, vector, sealed: await crypto.subtle.encrypt(parameters, key, new TextEncoder().encode(text)) }
  }
  const rows = [
    await rowOf(stationKey, JSON.stringify({ name: 'address', value: '旧版写下的地址' })),
    await rowOf(crypto.getRandomValues(new Uint8Array(32)), JSON.stringify({ name: 'name', value: '别处' })),
  ]
  await done(indexedDB.deleteDatabase('cunchuang-drafts'))
  // Dexie multiplies its version numbers by ten.
  const opening = indexedDB.open('cunchuang-drafts', 10)
  opening.onupgradeneeded = () => {
    const journal = opening.result.createObjectStore('journal', { keyPath: 'mark', autoIncrement: true })
    journal.createIndex('draftId', 'draftId')
  }
  const database = await done(opening)
  const journal = database.transaction('journal', 'readwrite').objectStore('journal')
  for (const row of rows) await done(journal.add(row))
  database.close()
}

test('hears why a file was refused, however often and many at once', async ({ app }) => {
  const draft = await startDraft(app)
  const answers = await app.page.evaluate(async (draftId) => {
    const base = 'cunchuang' in window ? 'app://cunchuang/bytes' : '/api/bytes'
    const address = `${base}/materials?draft=${draftId}&requirement=id-card&name=note.txt`
    const put = async (text: string) => {
      const response = await fetch(address, { method: 'PUT', body: new File([text], 'note.txt') })
      return ((await response.json()) as { error?: { code: string } }).error?.code
    }
    const codes = new Set<string | undefined>()
    for (let round = 0; round < 150; round += 1) {
      const some = Array.from({ length: round % 3 === 0 ? 4 : 1 }, (_, index) => put(`no picture ${round} ${index}`))
      for (const code of await Promise.all(some)) codes.add(code)
    }
    return [...codes]
  }, draft)
  expect(answers).toEqual(['FILE_KIND_REFUSED'])
})
