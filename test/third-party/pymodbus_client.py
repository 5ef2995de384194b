"""A client by pymodbus: reads the temperature, writes a setpoint and reads it back; prints them."""
import sys

from pymodbus import FramerType
from pymodbus.client import ModbusTcpClient

framer = FramerType.RTU if sys.argv[2] == "rtu" else FramerType.SOCKET
client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]), framer=framer)
client.connect()
temperature = client.read_holding_registers(1, count=1).registers[0]
client.write_register(2, 415)
setpoint = client.read_holding_registers(2, count=1).registers[0]
refused = client.write_register(9, 1)
client.close()
print(temperature, setpoint, refused.isError())
