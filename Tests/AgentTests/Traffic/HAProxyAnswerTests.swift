import Activation
import Model
import Testing

@testable import Agent

struct HAProxyAnswerTests {
    private static let server = TrafficServer(address: "/run/haproxy.sock", backend: "web", name: "web-1")

    /// As HAProxy 2.6 answers to `show servers state web;show stat web 4 -1`, with fewer columns.
    private func answer(operation: Int, admin: Int, sessions: Int = 0, queued: Int = 0) -> String {
        """
        1
        # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight
        3 web 1 web-10 127.0.0.1 2 1 1
        3 web 2 web-1 127.0.0.1 \(operation) \(admin) 1

        # pxname,svname,qcur,qmax,scur,smax,slim,stot,
        web,web-10,9,0,9,0,,0
        web,web-1,\(queued),0,\(sessions),0,,0

        """
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let operation: Int
        let admin: Int
        let admission: TrafficState.Admission
        let isUp: Bool
        var testDescription: String { "state \(operation), flags \(admin)" }
    }

    @Test(
        "Flags say who has taken a server out, its state whether it is well",
        arguments: [
            Row(operation: 2, admin: 0, admission: .ready, isUp: true),
            Row(operation: 1, admin: 0, admission: .ready, isUp: true),
            Row(operation: 0, admin: 0, admission: .ready, isUp: false),
            Row(operation: 3, admin: 0, admission: .ready, isUp: false),
            Row(operation: 2, admin: 0x08, admission: .drain, isUp: true),
            Row(operation: 0, admin: 0x10, admission: .drain, isUp: false),
            Row(operation: 0, admin: 0x01, admission: .maintenance, isUp: false),
            Row(operation: 0, admin: 0x02, admission: .maintenance, isUp: false),
            Row(operation: 0, admin: 0x20, admission: .maintenance, isUp: false),
            Row(operation: 0, admin: 0x29, admission: .maintenance, isUp: false),
            Row(operation: 2, admin: 0x04, admission: .ready, isUp: true),
        ]
    )
    func flags(_ row: Row) throws {
        let state = try HAProxyAnswer(answer(operation: row.operation, admin: row.admin)).state(of: Self.server)
        #expect(state.admission == row.admission && state.isUp == row.isUp)
        #expect(state.sessions == 0)
    }

    @Test("Sessions that wait for the server count, too")
    func sessions() throws {
        let text = answer(operation: 2, admin: 8, sessions: 3, queued: 2)
        #expect(try HAProxyAnswer(text).state(of: Self.server).sessions == 5)
    }

    @Test(
        "What is no state of the server is said, with HAProxy's own words",
        arguments: ["Can't find backend.\n\n", "", "Permission denied\n\n", "Unknown command. Please enter one of …\n"]
    )
    func missing(_ text: String) throws {
        let error = try #require(throws: Failure.self) { try HAProxyAnswer(text).state(of: Self.server) }
        #expect(error.code == .trafficFailed)
        #expect(error.message.contains("web/web-1") && error.message.contains("/run/haproxy.sock"))
        if let words = text.split(separator: "\n").first { #expect(error.message.contains(words)) }
    }

    @Test("A server of another name is none, however alike")
    func alike() {
        let server = TrafficServer(address: "/run/haproxy.sock", backend: "web", name: "web")
        #expect(throws: Failure.self) { try HAProxyAnswer(answer(operation: 2, admin: 0)).state(of: server) }
    }
}
