import Testing

@testable import Model

struct SecretTests {
    private struct Holder {
        let name = "web-1"
        let secret = Secret(Array("hunter2".utf8))
        let list = [Secret(Array("hunter2".utf8))]
        let perhaps: Secret? = Secret(Array("hunter2".utf8))
    }

    @Test("No way of printing shows a secret, alone or inside of something")
    func redacted() {
        let holder = Holder()
        var dumped = ""
        dump(holder, to: &dumped)
        let shown = [
            "\(holder.secret)", String(reflecting: holder.secret), String(describing: holder.perhaps), "\(holder)",
            String(reflecting: holder), "\(holder.list)", dumped,
        ]
        // As text, and as the numbers of its bytes.
        for text in shown {
            #expect(!text.contains("hunter2") && !text.contains("104"), "\(text)")
            #expect(text.contains("redacted") || text.contains("web-1"))
        }
        #expect(holder.secret.reveal() == Array("hunter2".utf8))
    }

    @Test("A secret can't be encoded by accident")
    func notEncodable() {
        #expect(!((Holder().secret as Any) is any Encodable))
    }
}
