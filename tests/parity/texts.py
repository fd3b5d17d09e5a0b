"""The texts that the parity tests are made of: real ones, and ones that are odd on purpose."""

import csv
import pathlib
import random

LANGUAGES = {
    "nl": ["Mijn internet doet het al drie dagen niet en niemand belt me terug.", "Kunt u mij uitleggen waarom er twee keer is afgeschreven?", "De monteur kwam pas om half zes, terwijl hij 's ochtends zou komen.", "Ik wil graag mijn abonnement opzeggen vóór het einde van de maand.", "Geachte heer/mevrouw, hierbij stuur ik u de gevraagde foto's.", "Het pakket is beschadigd aangekomen; de doos was nat en gescheurd.", "Waarom duurt het zo lang voordat ik antwoord krijg op mijn e-mail?", "Dank u wel, het probleem met de overschrijving is opgelost!"],
    "pt": ["Não consigo aceder à minha conta desde ontem à noite.", "A fatura deste mês está errada, cobraram-me duas vezes.", "Gostaria de cancelar o serviço e receber o reembolso.", "O técnico não apareceu e ninguém atendeu o telefone.", "Obrigado pela ajuda, já está tudo a funcionar.", "Onde posso alterar o endereço de entrega da encomenda?", "A ligação cai sempre que chove, é impossível trabalhar assim.", "Quanto tempo demora a transferência internacional?"],
    "de": ["Die Rechnung enthält Gebühren, die ich nicht verstehe.", "Können Sie mir bitte die Straße und die Hausnummer bestätigen?", "Seit gestern früh funktioniert die Überweisung nicht mehr.", "Größe und Farbe stimmen nicht mit der Bestellung überein.", "Ich hätte gerne einen Rückruf nach achtzehn Uhr.", "Donaudampfschifffahrtsgesellschaftskapitän"],
    "fr": ["Où se trouve mon colis ? Il devait être livré hier.", "L’été dernier, j’ai déjà signalé ce problème à vos équipes.", "Je n'arrive pas à réinitialiser mon mot de passe.", "Ça fait trois semaines que j'attends un remboursement.", "Merci beaucoup, c'était très clair et très rapide.", "Le cœur de la question, c'est la garantie."],
    "es": ["¿Por qué me han cobrado dos veces la misma compra?", "¡Qué sorpresa! El paquete llegó mañana… digo, ayer.", "La señal se corta cada vez que subo al ático.", "Necesito hablar con un agente que hable español.", "El niño rompió la pantalla del teléfono."],
    "it": ["La connessione è lentissima da quando ho cambiato piano.", "Perché non posso più accedere al mio conto?", "Vorrei un rimborso per il viaggio annullato.", "Così non va: ho già telefonato quattro volte."],
    "pl": ["Zażółć gęślą jaźń, proszę o szybką odpowiedź.", "Nie mogę się zalogować na swoje konto od wczoraj.", "Dlaczego opłata została pobrana dwukrotnie?", "Łódź i Kraków są na trasie przesyłki."],
    "tr": ["İnternetim üç gündür çalışmıyor, kimse geri aramıyor.", "IĞDIR'dan İstanbul'a gönderilen kargo nerede?", "Şifremi sıfırlayamıyorum, lütfen yardım edin.", "Faturam neden iki kat arttı?"],
    "vi": ["Tôi không thể đăng nhập vào tài khoản của mình.", "Xin vui lòng gửi lại hóa đơn tháng trước.", "Đường truyền rất chậm vào buổi tối."],
    "ru": ["Почему с меня дважды списали деньги?", "Ёлка привезли поздно, коробка была мокрая.", "Пожалуйста, отмените мой заказ номер 48213.", "Интернет не работает уже третий день подряд."],
    "uk": ["Чому не працює мій обліковий запис?", "Їжак з'їв кабель, потрібен майстер.", "Дякую, все вже працює."],
    "el": ["Γιατί χρεώθηκα δύο φορές για την ίδια αγορά;", "Ο ΟΔΥΣΣΕΥΣ δεν βρήκε τον δρόμο του.", "Θα ήθελα να ακυρώσω τη συνδρομή μου.", "Ευχαριστώ πολύ για τη βοήθεια."],
    "ar": ["مرحبا بالعالم، أين طردي؟", "لماذا تم خصم المبلغ مرتين من حسابي؟", "لا أستطيع تسجيل الدخول منذ أمس.", "السَّلامُ عَلَيْكُمْ وَرَحْمَةُ اللهِ", "الإنترنت بطيء جدًا في المساء."],
    "fa": ["چرا اینترنت من کار نمی‌کند؟", "لطفاً سفارش من را لغو کنید.", "می‌خواهم با پشتیبانی صحبت کنم."],
    "he": ["למה חויבתי פעמיים על אותה קנייה?", "שָׁלוֹם, אני צריך עזרה עם החשבון.", "החבילה הגיעה פגומה."],
    "hi": ["मेरा इंटरनेट तीन दिन से काम नहीं कर रहा है।", "कृपया मेरा ऑर्डर रद्द करें।", "क्या आप हिन्दी में बात कर सकते हैं?", "पैसे दो बार क्यों काटे गए?"],
    "bn": ["আমার অ্যাকাউন্টে ঢুকতে পারছি না।", "দয়া করে টাকা ফেরত দিন।"],
    "ta": ["என் கணக்கில் உள்நுழைய முடியவில்லை.", "தயவுசெய்து உதவி செய்யுங்கள்."],
    "th": ["อินเทอร์เน็ตของฉันใช้งานไม่ได้มาสามวันแล้ว", "กรุณายกเลิกคำสั่งซื้อของฉัน", "ทำไมถึงเก็บเงินสองครั้ง"],
    "zh": ["我的网络已经三天不能用了，没有人回电话。", "为什么同一笔交易被扣了两次款？", "請幫我取消這個訂單，謝謝。", "快递到了，但是盒子坏了。", "𠀋𠮷野家で食べた。"],
    "ja": ["日本語の文章です。インターネットが使えません。", "なぜ二重に請求されたのですか？", "ﾊﾝｶｸｶﾀｶﾅとカタカナのガギグゲゴ", "パスワードを忘れてしまいました。"],
    "ko": ["인터넷이 사흘째 안 됩니다.", "왜 두 번 결제되었나요?", "주문을 취소하고 싶습니다.", "비밀번호를 잊어버렸어요."],
    "ka": ["გამარჯობა, სად არის ჩემი ამანათი?", "Ⴂამარჯობა ᲒᲐᲛᲐᲠᲯᲝᲑᲐ"],
    "hy": ["Ինտերնետը չի աշխատում երեք օր։", "Շնորհակալություն օգնության համար։"],
    "am": ["ኢንተርኔቴ ለሦስት ቀናት አይሠራም።"],
    "sw": ["Mtandao wangu haufanyi kazi kwa siku tatu sasa."],
}

ODD = [
    "", " ", "\t\n\r", "\u00a0\u2003\u3000", "\u200b\u200d\ufeff", "\x00\x01\x02", "a\x00b\x7fc\x9fd", "\ufffd", "a\ufffdb",
    "😀", "👩‍👩‍👧‍👦 family 🏳️‍🌈 flag 🇳🇱 thumbs 👍🏽", "🫠🫡🪿🫨🩷 new ones", "I ❤️ you ♥︎ so ☃️ much™ ©®", "(╯°□°)╯︵ ┻━┻", "¯\\_(ツ)_/¯",
    "café café CAFÉ CAFE\u0301", "ÅÅÅ å", "ﬁﬂﬀ ſ ß ẞ ĳ Ĳ", "İstanbul ISTANBUL ıi", "ΑΣ ας Σ", "ǅ ǆ Ǆ ᾳ ᾼ", "e\u0301\u0323\u0302\u0328x", "\u0301 alone", "n\u0303o\u0302n\u0303o",
    "x" * 99, "x" * 100, "x" * 101, "é" * 100, "é" * 101, "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝕋𝕖𝕩𝕥 𝒽ℯ𝓁𝓁ℴ", "pneumonoultramicroscopicsilicovolcanoconiosis" * 4,
    "[CLS] hi [SEP]", "[MASK][MASK] [PAD]x[UNK]", "[cls] [Mask] [ MASK ]", "a[SEP]b", "[unused1] [UNUSED2]", "[[CLS]]", "[CL", "[MASK",
    "don't can't won't y'all's rock'n'roll", "snake_case camelCase kebab-case UPPER.lower", "http://example.org/a?b=c&d=%20#e", "user.name+tag@example.co.uk",
    "NL91 ABNA 0417 1643 00", "+31 (0)20-123 45 67", "€1.234,56 $1,234.56 £5 ¥600", "3.14159 1e-10 0xFF ½ ² ₂ Ⅷ ① ⑴", "a+b=c; x<y>z; {k: [1,2]}", "`code` ~tilde~ |pipe| ^caret^ $dollar$",
    "“quotes” ‘single’ «guillemets» „low“ 「corner」", "em—dash en–dash hyphen‐soft\u00adhyphen", "…ellipsis...three", "a\u2028b\u2029c\x0bd\x0ce\x85f", "tab\tseparated\tvalues", "multi\nline\r\ntext",
    "中a文b字", "a中", "中 文", "漢字kanji漢字", "㐀䶿 豈 𫠝 𪜀 \U0002b920 \U0002b81f \U0002f800", "〇々〆 ㊗ ㍿", "ｆｕｌｌｗｉｄｔｈ １２３！", "กำ เ", "क्षि", "한글 한글", "\u1100\u1161\u11a8",
    "\ue000 private \U000f0000 use", "\u0378 unassigned \U0001fbfa", "\u061c\u200e\u200f\u202a\u202e marks of direction", "\u180e\u2060\u206a", "\u0600\u06dd\u070f", "\U000e0041\U000e0042 tags", "\ud7ff", "\u0bd7\u0d57 \u16fe4", "\U0001d165\U0001d16e music", "\u302e\u302f tone", "\u1734\U0001171e", "‿ ⁀ ﹏ ＿", "٪ ؉ ؞ ۔ ।॥ ។ ៖ ፡።",
    "A" * 5000, "the quick brown fox " * 200, "word\n" * 400, "语" * 600, "😀" * 400, "a.b." * 300, "- " * 500, "é" * 3000 + " " + "ok " * 50,
]


def read(data):
    data = pathlib.Path(data)
    with (data / "banking77" / "train.csv").open(newline="", encoding="utf-8") as file:
        banking = [row[0] for row in csv.reader(file)][1:]
    with (data / "goemotions" / "dev.tsv").open(encoding="utf-8") as file:
        comments = [line.split("\t")[0] for line in file]
    return banking, comments


def mixed(rng, count):
    """Strings of code points drawn from all over Unicode."""
    blocks = [(0x20, 0x7F), (0x20, 0x7F), (0x00, 0x20), (0x80, 0x250), (0x300, 0x370), (0x370, 0x590), (0x590, 0x800), (0x900, 0x1000),
              (0x1000, 0x2000), (0x2000, 0x2070), (0x2070, 0x2E00), (0x3000, 0x3400), (0x4E00, 0x4F00), (0xA000, 0xD7A4), (0xE000, 0xE010),
              (0xF900, 0x10000), (0x10000, 0x11A80), (0x1D000, 0x1D800), (0x1F000, 0x1FB00), (0x20000, 0x30000), (0xE0000, 0xE0200)]
    for _ in range(count):
        text = ""
        for _ in range(rng.randint(1, 12)):
            low, high = rng.choice(blocks)
            text += "".join(chr(rng.randrange(low, high)) for _ in range(rng.randint(1, 4))) + rng.choice(["", "", " ", "-"])
        yield text


def shuffled_words(rng, sentences, count):
    """Words of all languages side by side, some of them run together or cut."""
    words = [word for sentence in sentences for word in sentence.split()]
    for _ in range(count):
        yield "".join(rng.choice(words)[: rng.randint(1, 20)] + rng.choice([" ", " ", " ", "", ",", "\u0301"]) for _ in range(rng.randint(1, 30)))


def seeded():
    return random.Random(77)
