"""Two short articles in each of seven languages, and a question on each that one of its sentences answers."""

from __future__ import annotations

from dataclasses import dataclass

from index import Article


@dataclass(frozen=True)
class Asked:
    """A question, the article that answers it, and words of the sentence that does."""

    language: str
    question: str
    article: str
    answer: str


TEXTS = {
    "de-1": (
        "Wendelstedt saniert die Mühlenbrücke",
        "Der Stadtrat von Wendelstedt hat am 3. März beschlossen, die alte Mühlenbrücke zu sanieren. "
        "Die Arbeiten kosten 3,5 Mio. Euro und dauern zwei Jahre. Bürgermeisterin Dr. Ilse Brandt sprach von einem "
        "guten Tag für die Stadt. Fußgänger werden in dieser Zeit mit einer Fähre übergesetzt.",
    ),
    "de-2": (
        "Tierheim sucht Plätze für zwölf Hunde",
        "Das Tierheim am Rosenhang ist überfüllt. Seit dem Wochenende leben dort zwölf Hunde, die ein Züchter "
        "zurückgelassen hatte. Die Leiterin bittet um Futter und um Decken. Wer einen Hund aufnehmen möchte, kann sich "
        "jeden Vormittag melden.",
    ),
    "es-1": (
        "Villarroble abre su primera biblioteca nocturna",
        "El ayuntamiento de Villarroble inauguró el martes una biblioteca que permanece abierta hasta las dos de la "
        "madrugada. La Dra. Ruiz, directora del centro, explicó que los estudiantes lo habían pedido durante años. El "
        "edificio era antes una fábrica de jabón. La entrada es gratuita para los menores de treinta años.",
    ),
    "es-2": (
        "Una sequía vacía el embalse de Monteclaro",
        "El embalse de Monteclaro está al nueve por ciento de su capacidad. Los agricultores del valle han perdido la "
        "mitad de la cosecha de almendras. El gobierno regional enviará camiones con agua a cuatro pueblos. No se "
        "esperan lluvias antes de noviembre.",
    ),
    "ru-1": (
        "В Заречье открыли музей часов",
        "В городе Заречье открылся музей старинных часов. Коллекцию собирал инженер Пётр Лосев в течение сорока лет. "
        "Самые старые часы были сделаны в 1712 г. в Нюрнберге. По воскресеньям вход в музей бесплатный.",
    ),
    "ru-2": (
        "Рыбаки спасли тюленя в ледяной бухте",
        "Рыбаки из посёлка Северный спасли молодого тюленя, который запутался в сетях. Ветеринары назвали его Бимом. "
        "Через неделю животное выпустят в море. Такие случаи бывают каждую зиму.",
    ),
    "ar-1": (
        "ترميم السوق القديم في مدينة الواحة",
        "بدأت بلدية الواحة ترميم السوق القديم بعد حريق العام الماضي. وقالت المهندسة سلمى حداد إن الأعمال ستنتهي في شهر "
        "نوفمبر. وتبلغ تكلفة المشروع أربعة ملايين دينار. وسينتقل التجار إلى ساحة قريبة حتى نهاية الأعمال.",
    ),
    "ar-2": (
        "مدرسة تزرع ألف شجرة زيتون",
        "زرع طلاب مدرسة النور ألف شجرة زيتون على تلال القرية. واستغرقت الحملة ثلاثة أيام. وقدم مزارع متقاعد الشتلات "
        "هدية للمدرسة. ويأمل المعلمون أن يبيع الطلاب الزيت بعد خمس سنوات.",
    ),
    "zh-1": (
        "临河市修复百年石桥",
        "临河市议会周二决定修复城北的百年石桥。工程将于三月开始，预计为期两年。市长陈文涛说：“这座桥是我们共同的记忆。”"
        "修复费用为三千五百万元，由省政府承担一半。施工期间，行人可以乘坐免费渡船过河。",
    ),
    "zh-2": (
        "高中生发明省水灌溉装置",
        "两名高中生发明了一种省水的灌溉装置。装置用旧塑料瓶和棉线制成，每个成本不到五元。他们的老师刘芳说，灵感来自山区的"
        "茶园。这项发明上个月获得了全国青年科学奖。",
    ),
    "ja-1": (
        "星見町の灯台が百周年を迎える",
        "星見町の灯台が今年で百周年を迎える。町は七月に記念の祭りを開く予定だ。灯台守の家族だった山口ハルさんは「父は毎晩"
        "二百段の階段を上った」と話した。来月から灯台の内部が一般に公開される。入場料は三百円だ。",
    ),
    "ja-2": (
        "迷子の猫、三か月ぶりに飼い主のもとへ",
        "引っ越しの途中でいなくなった猫が、三か月ぶりに見つかった。猫は隣の県のパン屋で暮らしていた。首輪の電話番号から"
        "飼い主が分かった。パン屋の店主は「毎朝コンピューターの上で寝ていた」と笑った。",
    ),
    "hi-1": (
        "सूरजपुर में नया पुस्तकालय खुला",
        "सूरजपुर नगर परिषद ने सोमवार को नया पुस्तकालय खोला। डॉ. मीरा शर्मा ने बताया कि इसमें बीस हज़ार किताबें हैं। इमारत "
        "बनाने में तीन साल लगे। बच्चों के लिए प्रवेश निःशुल्क रहेगा।",
    ),
    "hi-2": (
        "किसानों ने मिलकर तालाब की सफ़ाई की",
        "हरिपुर के किसानों ने गाँव के पुराने तालाब की सफ़ाई की। काम में चालीस लोग लगे और दस दिन में पूरा हुआ। तालाब से "
        "दो सौ खेतों को पानी मिलेगा। सरपंच ने सबको मिठाई बाँटी।",
    ),
    "en-1": (
        "Harrow Bay opens its tide pool to swimmers",
        "Harrow Bay opened its restored tide pool to swimmers on Saturday. The pool had been closed since a storm "
        "broke its wall eleven years ago. Volunteers carried 900 stones to mend it. A lifeguard will be "
        "there every weekend.",
    ),
}  # fmt: skip

ARTICLES = [Article(name, title, text) for name, (title, text) in TEXTS.items()]

QUESTIONS = [
    Asked("de", "Wie viel kostet die Sanierung der Mühlenbrücke?", "de-1", "kosten 3,5 Mio. Euro"),
    Asked("de", "Wie viele Hunde hat der Züchter zurückgelassen?", "de-2", "zwölf Hunde, die ein Züchter"),
    Asked("es", "¿Qué era antes el edificio de la biblioteca?", "es-1", "una fábrica de jabón"),
    Asked("es", "¿Cuánto de la cosecha de almendras han perdido los agricultores?", "es-2", "la mitad de la cosecha"),
    Asked("ru", "Кто собирал коллекцию часов?", "ru-1", "Пётр Лосев"),
    Asked("ru", "Как ветеринары назвали тюленя?", "ru-2", "назвали его Бимом"),
    Asked("ar", "كم تبلغ تكلفة مشروع ترميم السوق؟", "ar-1", "أربعة ملايين دينار"),
    Asked("ar", "من قدم الشتلات للمدرسة؟", "ar-2", "مزارع متقاعد"),
    Asked("zh", "修复石桥的费用是多少？", "zh-1", "三千五百万元"),
    Asked("zh", "这项发明获得了什么奖？", "zh-2", "全国青年科学奖"),
    Asked("ja", "灯台の入場料はいくらですか？", "ja-1", "三百円"),
    Asked("ja", "猫はどこで暮らしていましたか？", "ja-2", "パン屋で暮らしていた"),
    Asked("hi", "पुस्तकालय में कितनी किताबें हैं?", "hi-1", "बीस हज़ार"),
    Asked("hi", "तालाब से कितने खेतों को पानी मिलेगा?", "hi-2", "दो सौ खेतों"),
    Asked("en", "How many stones did the volunteers carry?", "en-1", "900 stones"),
]
