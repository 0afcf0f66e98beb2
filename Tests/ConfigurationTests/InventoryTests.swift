import Configuration
import Model
import Testing

struct InventoryTests {
    private func hosts(
        _ text: String,
        _ format: InventoryFile.Format = .ini,
        group: String? = nil
    ) throws -> [Host] {
        try InventoryFile.parse([UInt8](text), file: "inventory", format: format, group: group)
    }

    private let ini = """
        # comment
        lonely ansible_host=10.0.0.9 ; comment is no comment inside a line

        [web]
        web[01:03].example.com fleet_weight=2   # comment
        web-x:2222 ansible_host="10.0.0.1" ansible_port=22 fleet_zone=z

        [db]
        db-[a:c]

        [all:vars]
        fleet_region=everywhere
        ansible_user = deploy

        [web:vars]
        fleet_zone=a

        [prod:children]
        web
        db

        [prod:vars]
        fleet_zone=prod
        fleet_region = "eu"
        """

    @Test("Ranges, groups, groups of groups and their variables mean what they mean to Ansible")
    func iniGroups() throws {
        let text = ini.replacing("; comment is no comment inside a line", with: "")
        let all = try hosts(text)
        #expect(
            all.map(\.id.text) == [
                "lonely", "web01.example.com", "web02.example.com", "web03.example.com", "web-x", "db-a", "db-b",
                "db-c",
            ]
        )
        #expect(all.map(\.region?.text) == ["everywhere"] + Array(repeating: "eu", count: 7))
        #expect(all.map(\.zone?.text) == [nil, "a", "a", "a", "z", "prod", "prod", "prod"])
        #expect(all.map(\.weight) == [1, 2, 2, 2, 1, 1, 1, 1])
        #expect(
            all.map(\.address) == [
                "10.0.0.9", "web01.example.com", "web02.example.com", "web03.example.com", "10.0.0.1", "db-a", "db-b",
                "db-c",
            ]
        )
        #expect(all.allSatisfy { $0.port == Host.defaultPort })
        #expect(try hosts(text, group: "db").map(\.id.text) == ["db-a", "db-b", "db-c"])
        #expect(try hosts(text, group: "prod").count == 7)
        #expect(try hosts(text, group: "all").count == 8)
    }

    @Test("A group that is not there is answered with the nearest")
    func unknownGroup() throws {
        let error = try #require(throws: ConfigurationError.self) { try hosts("[web]\na\n", group: "wep") }
        #expect(error.description == "inventory: no group is called 'wep'; did you mean 'web'?")
    }

    @Test("Groups that contain each other are refused, not followed for ever", arguments: ["a", nil])
    func cycle(_ group: String?) {
        let text = "[a:children]\nb\n[b:children]\na\n[b]\nhost\n"
        #expect(throws: ConfigurationError.self) { try hosts(text, group: group) }
    }

    @Test(
        "A range too large to mean is refused",
        arguments: ["w[0:999999]", "w[0:999][0:999]", "w[b:a]", "w[1:]", "w]"]
    )
    func ranges(_ pattern: String) {
        #expect(throws: ConfigurationError.self) { try hosts(pattern) }
    }

    @Test("A YAML inventory reads as its INI twin")
    func yaml() throws {
        let text = """
            ---
            all:
              vars: {fleet_region: eu, packages: [a, b]}
              hosts:
                lonely:
              children:
                web:
                  hosts:
                    web[1:2]: {fleet_weight: 3}
                    web3: {ansible_host: 10.0.0.3}
                  vars: {fleet_zone: a}
                empty:
            """
        let all = try hosts(text, .yaml)
        #expect(all.map(\.id.text) == ["lonely", "web1", "web2", "web3"])
        #expect(all.map(\.weight) == [1, 3, 3, 1])
        #expect(all.map(\.region?.text) == ["eu", "eu", "eu", "eu"])
        #expect(all.map(\.zone?.text) == [nil, "a", "a", "a"])
        #expect(all.map(\.address).last == "10.0.0.3")
        #expect(try hosts(text, .yaml, group: "web").count == 3)
        #expect(try hosts(text, .yaml, group: "empty").isEmpty)
    }

    @Test("What a dynamic inventory prints is read, tabs, escapes and all")
    func dynamic() throws {
        let text = """
            {
            \t"web": {"hosts": ["web-1", "web-2"], "vars": {"fleet_region": "e\\u0075"}},
            \t"db": ["db-1"],
            \t"prod": {"children": ["web", "db"], "vars": {"fleet_zone": "a", "n": 1.5e3, "none": null}},
            \t"_meta": {"hostvars": {"web-2": {"ansible_host": "10.0.0.2", "fleet_weight": 4, "facts": {"a": [true]}}}}
            }
            """
        let all = try hosts(text, .json)
        #expect(all.map(\.id.text) == ["web-1", "web-2", "db-1"])
        #expect(all.map(\.address) == ["web-1", "10.0.0.2", "db-1"])
        #expect(all.map(\.weight) == [1, 4, 1])
        #expect(all.map(\.zone?.text) == ["a", "a", "a"])
        #expect(all.map(\.region?.text) == ["eu", "eu", nil])
        #expect(try hosts(text, .json, group: "db").map(\.id.text) == ["db-1"])
    }

    @Test("Plain hosts as JSON are read like those in fleet.yml")
    func plain() throws {
        let text = #"{"hosts": [{"name": "a", "address": "10.0.0.1", "weight": 2}, "b"]}"#
        let all = try hosts(text, .json)
        #expect(all.map(\.address) == ["10.0.0.1", "b"])
        #expect(all.map(\.weight) == [2, 1])
    }

    @Test(
        "What is no JSON is refused with its place",
        arguments: [
            "{", "[1,]", #"{"a" 1}"#, #"{"a": tru}"#, #"{"a": nan}"#, #"{"a": "x"#, "{} {}", #"{"a": "\ud800"}"#, "",
            #"{"a": 1, "a": 2}"#, String(repeating: "[", count: 100_000),
        ]
    )
    func brokenJSON(_ text: String) {
        #expect(throws: ConfigurationError.self) { try hosts(text, .json) }
    }

    @Test("The format is guessed as people name their files")
    func formats() {
        #expect(InventoryFile.Format.guess(path: "hosts", bytes: [UInt8]("web-1\n")) == .ini)
        #expect(InventoryFile.Format.guess(path: "hosts.yml", bytes: []) == .yaml)
        #expect(InventoryFile.Format.guess(path: "inventory.py", bytes: [UInt8]("\n {\"web\": []}")) == .json)
    }
}
