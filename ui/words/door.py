"""The words of refusals at the door: for requests that no page of ours sends."""

from dataclasses import dataclass

from ui.words import Language


@dataclass(frozen=True)
class DoorWords:
    language: Language = "en"
    other_site: str = (
        "Another site's page asked for this, so I did not answer. If this is your page behind a proxy, name its "
        "address with --origins."
    )
    other_name: str = (
        "This page is for its own machine alone and was asked for under another name, so I did not answer. If that "
        "name is meant, give its address with --origins."
    )
    closed: str = "There is nothing at this address."
    not_yours: str = "This belongs to another visitor. Load the page anew."
    not_handed_over: str = "I take only files that you handed over here. Load the page anew, and hand yours over again."
    too_long: str = "That is more than any page of ours sends, so I did not read it."


ENGLISH = DoorWords()

CHINESE = DoorWords(
    language="zh",
    other_site="这个请求来自别的网站的页面，所以没有回答。如果这是您在代理后面的页面，请用 --origins 指明它的地址。",
    other_name="这个页面只供本机使用，而请求用的是别的名称，所以没有回答。如要用那个名称，请用 --origins 指明其地址。",
    closed="这个地址下没有内容。",
    not_yours="这属于另一位访问者。请重新加载页面。",
    not_handed_over="只接受您在这里提供的文件。请重新加载页面，再次提供您的文件。",
    too_long="这比我们的页面会发送的内容还长，所以没有读取。",
)
