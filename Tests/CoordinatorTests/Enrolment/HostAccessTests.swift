import Model
import Testing

@testable import Coordinator

struct HostAccessTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let text: String
        let destination: String
        let port: Int?
        let address: String
        let name: String?
        var testDescription: String { text }
    }

    @Test(
        "An SSH destination is taken apart",
        arguments: [
            Row(text: "root@web-1", destination: "root@web-1", port: nil, address: "web-1", name: "web-1"),
            Row(text: "root@10.0.0.1:2222", destination: "root@10.0.0.1", port: 2222, address: "10.0.0.1", name: nil),
            Row(text: "web-1", destination: "web-1", port: nil, address: "web-1", name: "web-1"),
            Row(text: "root@fe80::1", destination: "root@fe80::1", port: nil, address: "fe80::1", name: nil),
            Row(text: "root@[fe80::1]:22", destination: "root@fe80::1", port: 22, address: "fe80::1", name: nil),
        ]
    )
    func parse(_ row: Row) throws {
        let access = try HostAccess(parsing: row.text)
        #expect(access.destination == row.destination)
        #expect(access.port == row.port)
        #expect(access.address == row.address)
        #expect(access.suggestedName?.text == row.name)
    }

    @Test(
        "What ssh would take for an option, or could not take at all, is refused",
        arguments: ["", "-oProxyCommand=evil", "root@-x", "root@", "root@a b", "root@a:x", "root@a:0", "root@[::1]x"]
    )
    func refuse(_ text: String) {
        #expect(throws: CoordinatorError.self) { try HostAccess(parsing: text) }
    }
}
