import Coordinator
import Foundation
import TestSupport
import Testing

@testable import FleetCommand

struct DifferenceTextTests {
    /// As a coordinator sends it.
    private static func difference(_ change: (String) -> String = { $0 }) throws -> ReleaseDifference {
        let (old, new) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        let ledger = "01234567-89ab-4def-8123-456789abcdef"
        let text = """
            {"service": "web",
             "before": {"environment": "production", "id": {"version": "1.4.1", "digest": "\(old)"},
                "confirmed": {"rollout": "R9@\(ledger)", "since": 1790000000000},
                "artifact": {"digest": "\(old)", "size": 1, "format": "tar"}, "builder": "https://ci.example.com",
                "source": {"repository": "git+https://git.example.com/web", "revision": "1111"}},
             "after": {"environment": "production", "id": {"version": "1.4.2", "digest": "\(new)"},
                "artifact": {"digest": "\(new)", "size": 1, "format": "tar"}},
             "variables": [{"variable": "API_KEY", "before": {"credential": "api-key@2"}, "after": {"credential": "api-key@3"}},
                {"variable": "LEVEL", "before": {"value": "debug"}, "after": {"value": "info"}}],
             "keys": [{"key": "healthy_for", "before": "10s", "after": "5s"}, {"key": "checks[0].tcp", "after": "127.0.0.1:80"},
                {"key": "hooks.drain[0]", "before": "bin/\\u001b[2Kdrain"}],
             "files": [{"path": "systemd/web.service", "lines": ["@@ -1 +1 @@", "-User=a", "+User=b"]}],
             "unknown": ["builder and source of 1.4.2: no builder that is known here has vouched for it"]}
            """
        return try JSONDecoder().decode(ReleaseDifference.self, from: Data(change(text).utf8))
    }

    @Test("A difference reads as recorded")
    func golden() throws {
        let text = try DifferenceText(Self.difference()).lines(revisions: [
            "  between   1111..2222 (not in a repository here)"
        ])
        #expect(try Golden.difference(text.joined(separator: "\n") + "\n", "rendering/difference.txt") == nil)
    }
}
