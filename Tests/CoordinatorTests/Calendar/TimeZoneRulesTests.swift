import Foundation
import Model
import Testing

@testable import Coordinator

/// The time zone database against Foundation's, which links a copy of its own.
struct TimeZoneRulesTests {
    private static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata",
        "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo", "Europe/Dublin", "Pacific/Auckland", "Asia/Tokyo",
    ]

    @Test("Offsets are Foundation's, every 25 hours from 1990 to 2060", arguments: zones)
    func offsets(_ name: String) throws {
        let rules = try TimeZoneDatabase.rules(of: TimeZoneName(parsing: name))
        let zone = try #require(TimeZone(identifier: name))
        var moment: Int64 = 631_152_000
        var changes = 0
        var last: Int64?
        while moment < 2_840_140_800 {
            let offset = rules.offset(at: moment)
            let expected = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment)))
            guard offset == expected else {
                Issue.record("\(name) at \(moment): \(offset), Foundation says \(expected)")
                return
            }
            changes += offset == last ? 0 : 1
            last = offset
            moment += 90_000
        }
        if name == "Europe/Berlin" { #expect(changes == 141) }
    }

    @Test("Every moment is among those at which the clocks show its time", arguments: zones)
    func roundTrip(_ name: String) throws {
        let rules = try TimeZoneDatabase.rules(of: TimeZoneName(parsing: name))
        var moment: Int64 = 1_700_000_000
        while moment < 1_800_000_000 {
            let wall = WallTime(milliseconds: moment * 1000)
            let found = rules.moments(of: rules.local(at: wall))
            #expect(found.first == wall || found.last == wall)
            moment += 10_807
        }
    }

    @Test("Files that are cut anywhere, or have a wrong byte, are refused or read, and nothing else")
    func broken() throws {
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin")))
        #expect(TimeZoneFile.parse(bytes) != nil)
        for end in bytes.indices { #expect(TimeZoneFile.parse(Array(bytes[..<end])) == nil, "cut at \(end)") }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0xFF
            if let rules = TimeZoneFile.parse(changed) { _ = rules.offset(at: 1_800_000_000) }
        }
    }

    @Test(
        "Rules of POSIX that are none are refused",
        arguments: [
            "", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.5.0", "<CET-1", "CET-1x",
        ]
    )
    func brokenRules(_ text: String) { #expect(DaylightRuleText.parse(text) == nil) }

    @Test("Rules of POSIX count from both ends of the year, in every way that they can be written")
    func rules() throws {
        // A leap year and one that is none, in summer in the north and in the south.
        for (text, summer) in [
            ("CET-1CEST,M3.5.0,M10.5.0/3", 7), ("NZST-12NZDT,M9.5.0,M4.1.0/3", 1), ("XXX3YYY2,J60/0,J300/0", 7),
            ("XXX3YYY,59/0,299/0", 7), ("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", 7), ("EST5EDT4:00,M3.2.0,M11.1.0", 7),
        ] {
            let rule = try #require(DaylightRuleText.parse(text), "\(text)")
            let offset = try #require(rule.summer?.offset)
            for year in [2027, 2028] as [Int64] {
                let inSummer = Gregorian.day(year: year, month: Int64(summer), day: 1) * 86_400
                let inWinter = Gregorian.day(year: year, month: summer == 7 ? 12 : 6, day: 1) * 86_400
                #expect(rule.offset(at: inSummer) == offset, "\(text)")
                #expect(rule.offset(at: inWinter) == rule.standard, "\(text)")
                #expect(offset == rule.standard + 3600)
            }
        }
    }

    @Test("A zone that is not known says so, with what to write", arguments: ["Europe/Berln", "Europe"])
    func unknown(_ name: String) throws {
        let zone = try TimeZoneName(parsing: name)
        let error = #expect(throws: CoordinatorError.self) { try TimeZoneDatabase.rules(of: zone) }
        #expect(error?.advice.contains("for example Europe/Berlin") == true)
    }

    @Test("Names that lead out of the database are none", arguments: ["../etc/passwd", "/etc/x", "a//b", "a/.b", "a/"])
    func names(_ name: String) { #expect(TimeZoneName(name) == nil) }
}
